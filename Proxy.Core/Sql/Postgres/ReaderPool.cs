namespace Proxy.Core.Sql.Postgres;

/// <summary>A fixed number of readers, made when first needed. The semaphore counts the free ones, the places hold them.</summary>
internal sealed class ReaderPool(int size, Func<PostgresReader> create) : IDisposable
{
    private readonly SemaphoreSlim _free = new(size, size);
    private readonly PostgresReader?[] _places = new PostgresReader?[size];

    /// <summary>A free reader, or null when there is none within the time. Zero never blocks; other times are for threads that may.</summary>
    public PostgresReader? Rent(TimeSpan timeout)
    {
        if (!_free.Wait(timeout)) return null;
        int first = Environment.CurrentManagedThreadId;
        for (int i = 0; i < _places.Length; i++)
        {
            ref PostgresReader? place = ref _places[(first + i) % _places.Length];
            if (Volatile.Read(ref place) is not null && Interlocked.Exchange(ref place, null) is { } reader) return reader;
        }

        return create();
    }

    public void Return(PostgresReader reader)
    {
        int first = Environment.CurrentManagedThreadId;
        for (int i = 0; ; i++)
        {
            ref PostgresReader? place = ref _places[(first + i) % _places.Length];
            if (Volatile.Read(ref place) is null && Interlocked.CompareExchange(ref place, reader, null) is null) break;
        }

        _free.Release();
    }

    /// <summary>Only when nothing is rented any more.</summary>
    public void Dispose()
    {
        foreach (PostgresReader? reader in _places) reader?.Dispose();
        _free.Dispose();
    }
}
