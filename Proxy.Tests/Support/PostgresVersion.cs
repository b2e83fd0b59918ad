namespace Proxy.Tests.Support;

/// <summary>The major versions that tests run against: 15 is Debian's (or PG_BIN's), the others come from npm.</summary>
public enum PostgresVersion
{
    V13 = 13,
    V15 = 15,
    V18 = 18,
}
