using System.Collections.Concurrent;
using System.Security.Cryptography;
using Proxy.Core.Policy;

namespace Proxy.Protocols.MySql;

/// <summary>
/// Our own thread ids, and what each stands for: a client cancels by KILL with the id that it was greeted with, on another connection. Only sessions of the same
/// identity at the same target can be named so.
/// </summary>
public sealed class ThreadNumbers
{
    /// <summary>Servers count from 1: theirs and ours are not mixed up.</summary>
    private const int FirstMin = 0x4000_0000;

    private readonly ConcurrentDictionary<uint, Entry> _entries = new();
    private int _last = RandomNumberGenerator.GetInt32(FirstMin, int.MaxValue - (1 << 24));

    /// <summary>The id of a connection that is greeted.</summary>
    public uint Next() => (uint)Interlocked.Increment(ref _last);

    /// <summary>The connection is a session now.</summary>
    public void Register(uint thread, uint serverThread, Principal principal, string target, Guid sessionId) =>
        _entries[thread] = new Entry(serverThread, principal.Issuer, principal.Subject, target, sessionId);

    public void Remove(uint thread) => _entries.TryRemove(thread, out _);

    /// <summary>The server's thread behind an id, ours or the server's own, of a session of the same identity at the same target.</summary>
    public bool TryFind(uint thread, Principal principal, string target, out uint serverThread, out Guid sessionId)
    {
        if (_entries.TryGetValue(thread, out var entry) && entry.IsOf(principal, target))
        {
            (serverThread, sessionId) = (entry.ServerThread, entry.SessionId);
            return true;
        }

        foreach (var other in _entries.Values)
            if (other.ServerThread == thread && other.IsOf(principal, target))
            {
                (serverThread, sessionId) = (other.ServerThread, other.SessionId);
                return true;
            }

        (serverThread, sessionId) = (0, Guid.Empty);
        return false;
    }

    private sealed record Entry(uint ServerThread, string Issuer, string Subject, string Target, Guid SessionId)
    {
        public bool IsOf(Principal principal, string target) =>
            Issuer == principal.Issuer && Subject == principal.Subject && Target == target;
    }
}
