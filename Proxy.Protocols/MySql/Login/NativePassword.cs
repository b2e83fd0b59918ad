using System.Security.Cryptography;

namespace Proxy.Protocols.MySql.Login;

/// <summary>mysql_native_password: SHA1(password) XOR SHA1(scramble, SHA1(SHA1(password))).</summary>
internal static class NativePassword
{
    public const string Name = "mysql_native_password";

#pragma warning disable CA5350 // The protocol's choice, for servers that have nothing better.
    public static byte[] Prove(ReadOnlySpan<byte> password, ReadOnlySpan<byte> scramble)
    {
        if (password.IsEmpty) return [];
        var once = SHA1.HashData(password);
        var twice = SHA1.HashData(once);
        var proof = SHA1.HashData([.. scramble, .. twice]);
        for (var i = 0; i < proof.Length; i++) proof[i] ^= once[i];
        CryptographicOperations.ZeroMemory(once);
        return proof;
    }
#pragma warning restore CA5350
}
