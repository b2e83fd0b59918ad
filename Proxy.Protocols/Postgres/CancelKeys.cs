using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Proxy.Protocols.Postgres;

/// <summary>
/// Our own process ids and secrets, and what each stands for. A CancelRequest comes unauthenticated on a connection of its own, so the secret
/// is random and compared in constant time, and each session accepts one request in a while, all of them together so many a second: a flood must
/// not become a flood at the servers.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="requestsPerSecondMax">How many requests are passed on within a second, over all sessions; the others are ignored.</param>
public sealed class CancelKeys(TimeProvider time, int requestsPerSecondMax = CancelKeys.DefaultRequestsPerSecondMax)
{
    /// <summary>Protocol 3.0 fixes four bytes: older drivers read an int32.</summary>
    public const int SecretBytes30 = 4;

    /// <summary>Protocol 3.2 allows more; 32 is what PostgreSQL 18 sends.</summary>
    public const int SecretBytes32 = 32;

    /// <summary>The most that protocol 3.2 allows.</summary>
    public const int SecretBytesMax = 256;

    public const int DefaultRequestsPerSecondMax = 20;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<int, Entry> _entries = new();
    private readonly Lock _rate = new();
    private long _secondBegan = time.GetTimestamp();
    private int _inThisSecond;

    /// <summary>A new key. <paramref name="cancel"/> is called, at most once in a while, when a request with the key comes.</summary>
    public CancelTicket Issue(int minorVersion, Func<Task> cancel)
    {
        var secret = RandomNumberGenerator.GetBytes(minorVersion >= 2 ? SecretBytes32 : SecretBytes30);
        Span<byte> random = stackalloc byte[sizeof(int)];
        while (true)
        {
            RandomNumberGenerator.Fill(random);
            var processId = BinaryPrimitives.ReadInt32LittleEndian(random) & int.MaxValue;
            if (processId != 0 && _entries.TryAdd(processId, new Entry(secret, cancel, time)))
                return new CancelTicket(processId, secret);
        }
    }

    public void Revoke(CancelTicket ticket) => _entries.TryRemove(ticket.ProcessId, out _);

    /// <summary>Does what the key's owner asked for. False when nobody has this key, or when the last request was a moment ago; the client is told neither.</summary>
    public async Task<bool> CancelAsync(CancelTicket ticket)
    {
        if (!_entries.TryGetValue(ticket.ProcessId, out var entry)
            || !CryptographicOperations.FixedTimeEquals(entry.Secret, ticket.Secret)
            || !entry.TryTake(Pause)
            || !TryTakeRate())
            return false;
        await entry.Cancel();
        return true;
    }

    private bool TryTakeRate()
    {
        lock (_rate)
        {
            if (time.GetElapsedTime(_secondBegan) >= TimeSpan.FromSeconds(1))
            {
                _secondBegan = time.GetTimestamp();
                _inThisSecond = 0;
            }

            return ++_inThisSecond <= requestsPerSecondMax;
        }
    }

    private sealed class Entry(byte[] secret, Func<Task> cancel, TimeProvider time)
    {
        private long _nextAt = long.MinValue;

        public byte[] Secret { get; } = secret;

        public Func<Task> Cancel { get; } = cancel;

        public bool TryTake(TimeSpan pause)
        {
            var now = time.GetTimestamp();
            var next = Volatile.Read(ref _nextAt);
            return now >= next && Interlocked.CompareExchange(ref _nextAt, now + (long)(pause.TotalSeconds * time.TimestampFrequency), next) == next;
        }
    }
}
