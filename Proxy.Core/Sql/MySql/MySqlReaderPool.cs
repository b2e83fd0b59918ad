using System.Collections.Concurrent;

namespace Proxy.Core.Sql.MySql;

/// <summary>Readers that nobody uses at the moment. They hold nothing but memory, so that one too many is let go.</summary>
internal sealed class MySqlReaderPool(int kept)
{
    private readonly ConcurrentQueue<MySqlReader> _readers = new();
    private int _count;

    public MySqlReader Rent()
    {
        if (!_readers.TryDequeue(out MySqlReader? reader)) return new MySqlReader();
        Interlocked.Decrement(ref _count);
        return reader;
    }

    public void Return(MySqlReader reader)
    {
        if (Interlocked.Increment(ref _count) > kept)
        {
            Interlocked.Decrement(ref _count);
            return;
        }

        _readers.Enqueue(reader);
    }
}
