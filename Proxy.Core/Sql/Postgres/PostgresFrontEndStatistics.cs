namespace Proxy.Core.Sql.Postgres;

/// <summary>Counters since the start, for metrics.</summary>
/// <param name="Hits">Texts answered from the cache.</param>
/// <param name="Misses">Texts looked for in the cache in vain.</param>
/// <param name="CachedBytes">Memory taken by cached analyses, estimated.</param>
/// <param name="Deadlines">Parses stopped by the deadline.</param>
/// <param name="Traps">Parses that trapped otherwise, mostly by nesting.</param>
/// <param name="OutOfMemory">Parses that met the memory cap.</param>
/// <param name="Faults">Failures of the host itself.</param>
/// <param name="Recycled">Copies of the grammar replaced because they had grown.</param>
/// <param name="NoReaderFree">Texts that failed because no reader became free in time.</param>
/// <param name="Templated">Texts whose tree was taken from one that differs in integers only.</param>
public readonly record struct PostgresFrontEndStatistics(
    long Hits, long Misses, long CachedBytes, long Deadlines, long Traps, long OutOfMemory, long Faults, long Recycled, long NoReaderFree,
    long Templated);
