namespace Proxy.Tests.Live.Usefulness;

/// <summary>One statement, or several in one message.</summary>
/// <param name="Parameters">Their text forms; null for the simple protocol.</param>
/// <param name="Data">What COPY FROM STDIN is sent; null where nothing is.</param>
public sealed record WorkStep(string Sql, IReadOnlyList<string?>? Parameters = null, string? Data = null);
