using System.Collections.Immutable;
using Proxy.Core.Policy;

namespace Proxy.Core.Journal.Records;

/// <summary>A <see cref="SessionOpenedRecord"/> read back; the fields are the same.</summary>
public sealed class DecodedSessionOpened : DecodedRecord
{
    public required Guid SessionId { get; init; }
    public required string Issuer { get; init; }
    public required string Subject { get; init; }
    public required string Agent { get; init; }
    public required string Human { get; init; }
    public required ImmutableArray<string> Groups { get; init; }
    public required string TokenId { get; init; }
    public required string ClientAddress { get; init; }
    public required string Target { get; init; }
    public required string Database { get; init; }
    public required string DatabaseUser { get; init; }
    public required string Protocol { get; init; }
    public required string ApplicationName { get; init; }
    public required string PolicyVersion { get; init; }

    public required string Task { get; init; }
    public required string Workload { get; init; }
    public required string Grant { get; init; }
    public required string SignInMethod { get; init; }
    public required ImmutableArray<string> Actors { get; init; }
    public required IdentityMarks Marks { get; init; }
    public required string Reason { get; init; }

    public override RecordKind Kind => RecordKind.SessionOpened;

    internal static DecodedSessionOpened Read(ref RecordReader reader) => new()
    {
        SessionId = reader.Guid(),
        Issuer = reader.Text(),
        Subject = reader.Text(),
        Agent = reader.Text(),
        Human = reader.Text(),
        Groups = reader.Texts(),
        TokenId = reader.Text(),
        ClientAddress = reader.Text(),
        Target = reader.Text(),
        Database = reader.Text(),
        DatabaseUser = reader.Text(),
        Protocol = reader.Text(),
        PolicyVersion = reader.Text(),
        Task = reader.Text(),
        Workload = reader.Text(),
        Grant = reader.Text(),
        SignInMethod = reader.Text(),
        Actors = reader.Texts(),
        Marks = IdentityMarksFormat.Read(ref reader),
        ApplicationName = reader.SealedText(),
        Reason = reader.SealedText(),
    };
}
