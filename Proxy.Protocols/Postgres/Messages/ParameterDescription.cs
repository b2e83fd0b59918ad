using System.Buffers.Binary;

namespace Proxy.Protocols.Postgres.Messages;

/// <summary>ParameterDescription: int16 number of parameters, and the OID of each one's type. Shown as it is.</summary>
public static class ParameterDescription
{
    public static bool IsWellFormed(ReadOnlySpan<byte> body) =>
        body.Length >= sizeof(short) && body.Length - sizeof(short) == BinaryPrimitives.ReadUInt16BigEndian(body) * sizeof(uint);
}
