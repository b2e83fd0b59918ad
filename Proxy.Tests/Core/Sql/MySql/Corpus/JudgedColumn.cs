namespace Proxy.Tests.Core.Sql.MySql.Corpus;

/// <summary>A column as information_schema shows it; a star does not stand for one that is invisible.</summary>
internal sealed record JudgedColumn(string Name, bool IsInvisible);
