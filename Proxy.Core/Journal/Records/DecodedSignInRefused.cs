namespace Proxy.Core.Journal.Records;

/// <summary>A <see cref="SignInRefusedRecord"/> read back; the fields are the same.</summary>
public sealed class DecodedSignInRefused : DecodedRecord
{
    public required string ClientAddress { get; init; }
    public required string Target { get; init; }
    public required string Code { get; init; }
    public required string Detail { get; init; }

    public override RecordKind Kind => RecordKind.SignInRefused;

    internal static DecodedSignInRefused Read(ref RecordReader reader) => new()
    {
        ClientAddress = reader.Text(),
        Target = reader.Text(),
        Code = reader.Text(),
        Detail = reader.Text(),
    };
}
