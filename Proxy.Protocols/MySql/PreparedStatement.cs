using Proxy.Core.Policy;
using Proxy.Core.Sql;

namespace Proxy.Protocols.MySql;

/// <summary>A statement of COM_STMT_PREPARE that the server has confirmed, by its number there.</summary>
internal sealed class PreparedStatement
{
    public uint Id { get; set; }

    public required StatementAnalysis Analysis { get; init; }

    /// <summary>The newest judgement; made again when policy or catalogue moved on.</summary>
    public required Judgement Judgement { get; set; }

    /// <summary>The record that holds the text.</summary>
    public long Intent { get; init; }

    /// <summary>The session's database when it was prepared: to the server its names are those of that one whatever USE says later [ran].</summary>
    public string? Database { get; init; }

    public int Parameters { get; set; }

    /// <summary>Two bytes for each parameter, as the last execution that named them did: a client need not name them again.</summary>
    public byte[] ParameterTypes { get; set; } = [];

    /// <summary>Values that came in pieces, for the next execution.</summary>
    public LongData? LongData { get; set; }

    /// <summary>Executions that have not been answered: whether a cursor is open is not known yet.</summary>
    public int Executing { get; set; }

    /// <summary>How the rows of the open cursor are shown; null where none is open.</summary>
    public CursorRows? Cursor { get; set; }

    public override string ToString() => $"prepared statement of {Analysis}";
}
