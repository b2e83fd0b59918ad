using System.Collections.Immutable;
using Proxy.Core.Journal;

namespace Proxy.Host.Configuration.Gateway;

/// <summary>The record of statements.</summary>
public sealed record JournalOptions
{
    public required string Directory { get; init; }
    public int SegmentBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>How many segments are reserved ahead of use.</summary>
    public int SegmentsReady { get; init; } = 1;
    public int RecordBytesMax { get; init; } = 10 * 1024 * 1024;

    /// <summary>What must have happened to a statement's record before the statement is forwarded.</summary>
    public Durability Durability { get; init; } = Durability.Written;

    /// <summary>Who keeps the second copy; with <see cref="Durability.Replicated"/>, and only then.</summary>
    public ReplicaOptions? Replica { get; init; }

    /// <summary>Where the keys are; by default in the journal's directory with <c>-keys</c> appended to its name.</summary>
    public string? KeysDirectory { get; init; }

    /// <summary>Instead of keys in files.</summary>
    public KmsOptions? Kms { get; init; }
    public ImmutableArray<AnchorOptions> Anchors { get; init; } = [];
    public int AnchorSeconds { get; init; } = 5;
    public AnswerOptions Answers { get; init; } = new();

    /// <summary>Where ended segments go; null keeps them here only.</summary>
    public ShippingOptions? Shipping { get; init; }

    /// <summary>Who gets the readable part of every record.</summary>
    public ImmutableArray<StreamOptions> Streams { get; init; } = [];
}
