namespace Proxy.Core.Journal.Reading;

/// <summary>What the reader is looking at after a step.</summary>
public enum JournalReadResult
{
    /// <summary>Nothing more for now. Reading again later finds what was appended since.</summary>
    End = 0,

    /// <summary>A whole record: <see cref="JournalReader.Entry"/>.</summary>
    Record,

    /// <summary>A place that should hold a record and does not: <see cref="JournalReader.Damage"/>. Reading goes on behind it.</summary>
    Damage,
}
