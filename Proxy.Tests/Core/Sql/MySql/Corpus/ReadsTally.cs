namespace Proxy.Tests.Core.Sql.MySql.Corpus;

/// <summary>Our read sets against the server's, counted.</summary>
internal sealed class ReadsTally
{
    public int Compared { get; set; }

    public int Opaque { get; set; }

    /// <summary>Statements of which the server reads what we do not.</summary>
    public List<string> Missed { get; } = [];

    /// <summary>Statements of which we read what the server does not.</summary>
    public List<string> Exceeding { get; } = [];

    public string Figures =>
        $"{Compared:n0} statements prepared under column grants: {Compared - Missed.Count:n0} read no more than we say, of {Exceeding.Count:n0} we say more "
        + $"({100.0 * Exceeding.Count / Math.Max(1, Compared):0.0} %); {Opaque:n0} others opaque to us";
}
