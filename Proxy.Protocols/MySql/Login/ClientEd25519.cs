using System.Numerics;
using System.Security.Cryptography;

namespace Proxy.Protocols.MySql.Login;

/// <summary>
/// client_ed25519 of MariaDB: an Ed25519 signature (RFC 8032 §5.1) of the scramble, whose secret scalar is made from the password itself in the place of a seed.
/// No library signs with a secret of any length, so the curve is here. Used once a login, for a password of the gateway's own; not in constant time.
/// </summary>
internal static class ClientEd25519
{
    public const string Name = "client_ed25519";

    private static readonly BigInteger P = BigInteger.Pow(2, 255) - 19;
    private static readonly BigInteger L = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493", System.Globalization.CultureInfo.InvariantCulture);
    private static readonly BigInteger D = Mod(-121665 * Inverse(121666));

    /// <summary>The base point: y = 4/5, and the even x.</summary>
    private static readonly Point Base = Point.Of(
        BigInteger.Parse("15112221349535400772501151409588531511454012693041857206046113283949847762202", System.Globalization.CultureInfo.InvariantCulture),
        Mod(4 * Inverse(5)));

    public static byte[] Prove(ReadOnlySpan<byte> password, ReadOnlySpan<byte> scramble)
    {
        var secret = SHA512.HashData(password);
        secret[0] &= 0xF8;
        secret[31] &= 0x7F;
        secret[31] |= 0x40;
        var a = Number(secret.AsSpan(0, 32));
        var publicKey = Times(a).Encode();
        var r = Number(SHA512.HashData([.. secret.AsSpan(32), .. scramble])) % L;
        var commitment = Times(r).Encode();
        var challenge = Number(SHA512.HashData([.. commitment, .. publicKey, .. scramble])) % L;
        var response = Bytes((r + (challenge * a)) % L);
        CryptographicOperations.ZeroMemory(secret);
        return [.. commitment, .. response];
    }

    private static Point Times(BigInteger scalar)
    {
        var result = Point.Neutral;
        for (var bit = (int)scalar.GetBitLength() - 1; bit >= 0; bit--)
        {
            result = result.Plus(result);
            if (!(scalar >> bit).IsEven) result = result.Plus(Base);
        }

        return result;
    }

    private static BigInteger Mod(BigInteger value)
    {
        var rest = value % P;
        return rest.Sign < 0 ? rest + P : rest;
    }

    private static BigInteger Inverse(BigInteger value) => BigInteger.ModPow(value, P - 2, P);

    private static BigInteger Number(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true);

    private static byte[] Bytes(BigInteger value)
    {
        var bytes = new byte[32];
        value.TryWriteBytes(bytes, out _, isUnsigned: true);
        return bytes;
    }

    /// <summary>In extended coordinates (RFC 8032 §5.1.4).</summary>
    private readonly record struct Point(BigInteger X, BigInteger Y, BigInteger Z, BigInteger T)
    {
        public static readonly Point Neutral = new(0, 1, 1, 0);

        public static Point Of(BigInteger x, BigInteger y) => new(x, y, 1, Mod(x * y));

        public Point Plus(Point other)
        {
            var a = Mod((Y - X) * (other.Y - other.X));
            var b = Mod((Y + X) * (other.Y + other.X));
            var c = Mod(2 * T * other.T * D);
            var d = Mod(2 * Z * other.Z);
            var (e, f, g, h) = (b - a, d - c, d + c, b + a);
            return new Point(Mod(e * f), Mod(g * h), Mod(f * g), Mod(e * h));
        }

        public byte[] Encode()
        {
            var z = Inverse(Z);
            var encoded = Bytes(Mod(Y * z));
            if (!Mod(X * z).IsEven) encoded[31] |= 0x80;
            return encoded;
        }
    }
}
