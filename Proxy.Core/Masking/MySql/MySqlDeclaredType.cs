namespace Proxy.Core.Masking.MySql;

/// <summary>What the catalogue notes of MariaDB's types that the common type numbers do not tell apart, as <c>TypeModifier</c>.</summary>
public static class MySqlDeclaredType
{
    public const int Inet4 = 4;
    public const int Inet6 = 6;
}
