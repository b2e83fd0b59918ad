using Proxy.Core.Journal.Heads;

namespace Proxy.Core.Journal.Verification;

/// <summary>A head that the journal has to agree with when so many entries have been read.</summary>
internal readonly record struct Checkpoint(JournalHead Head, bool IsAnchor);
