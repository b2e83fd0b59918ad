using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Proxy.Core.Policy;

namespace Proxy.Host.Identity.Revocation;

/// <summary>
/// The revocations that stand. Kept in a file of JSON lines, so that a restart forgets none; each change is on the disk before it is
/// acknowledged, but takes effect even if that fails. Thread-safe. Few are expected, and looking through them is only done at a sign-in.
/// </summary>
public sealed class RevocationList
{
    /// <summary>More than this and the operator should end the issuer's trust instead.</summary>
    public const int CountMax = 100_000;

    private static readonly JsonSerializerOptions Format = new() { Converters = { new JsonStringEnumConverter() } };

    private readonly string? _path;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private ImmutableList<AccessRevocation> _standing;

    private RevocationList(string? path, TimeProvider time, ImmutableList<AccessRevocation> standing)
    {
        _path = path;
        _time = time;
        _standing = standing;
    }

    /// <summary>Those that stand now.</summary>
    public IReadOnlyList<AccessRevocation> Standing
    {
        get
        {
            var now = _time.GetUtcNow();
            return [.. Volatile.Read(ref _standing).Where(revocation => revocation.Until > now)];
        }
    }

    /// <summary>A list that no restart outlives; for tests.</summary>
    public static RevocationList InMemory(TimeProvider time) => new(null, time, []);

    /// <exception cref="IOException">The file cannot be read or written: without it somebody revoked might come in again.</exception>
    /// <exception cref="FormatException">It is damaged.</exception>
    public static RevocationList Open(string path, TimeProvider time)
    {
        var now = time.GetUtcNow();
        var standing = File.Exists(path) ? Read(path).Where(revocation => revocation.Until > now).ToImmutableList() : [];
        var list = new RevocationList(path, time, standing);
        list.Write(standing);
        return list;
    }

    /// <summary>Stands from now on. Null, or why not, or why it is not on the disk and stands until the next restart only.</summary>
    public string? Add(AccessRevocation revocation)
    {
        lock (_gate)
        {
            if (_standing.Count >= CountMax)
                return $"there are more than {CountMax} revocations: end the trust in the issuer instead";
            var now = _time.GetUtcNow();
            Volatile.Write(ref _standing, _standing.RemoveAll(other => other.Until <= now || IsSame(other, revocation)).Add(revocation));
            return OutlivesProcess(revocation) ? TryWrite() : null;
        }
    }

    /// <summary>Takes back what was said about this one. False when nothing was.</summary>
    public bool Lift(RevokedSubject subject, string value, string? issuer, out string? problem)
    {
        problem = null;
        lock (_gate)
        {
            var left = _standing.RemoveAll(other => (other.Subject, other.Value, other.Issuer) == (subject, value, issuer));
            if (left.Count == _standing.Count)
                return false;
            Volatile.Write(ref _standing, left);
            problem = TryWrite();
            return true;
        }
    }

    /// <summary>What stands against this access, or null.</summary>
    public AccessRevocation? Find(Principal principal, string? grant, Guid? sessionId)
    {
        var standing = Volatile.Read(ref _standing);
        if (standing.IsEmpty)
            return null;
        var now = _time.GetUtcNow();
        return standing.Find(revocation => revocation.Until > now && revocation.Concerns(principal, grant, sessionId));
    }

    /// <summary>Sessions and one-time credentials end with the process.</summary>
    private static bool OutlivesProcess(AccessRevocation revocation) => revocation.Subject is not (RevokedSubject.Grant or RevokedSubject.Session);

    private static bool IsSame(AccessRevocation one, AccessRevocation other) => (one.Subject, one.Value, one.Issuer) == (other.Subject, other.Value, other.Issuer);

    private static IEnumerable<AccessRevocation> Read(string path)
    {
        foreach (var line in File.ReadLines(path))
        {
            AccessRevocation? revocation;
            try
            {
                revocation = JsonSerializer.Deserialize<AccessRevocation>(line, Format);
            }
            catch (JsonException exception)
            {
                throw new FormatException($"{path} holds a line that is no revocation", exception);
            }
            yield return revocation ?? throw new FormatException($"{path} holds a line that is no revocation");
        }
    }

    private string? TryWrite()
    {
        try
        {
            Write(_standing);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }

    /// <summary>The whole list, beside the old one and then in its place: it is short, and never half written.</summary>
    private void Write(ImmutableList<AccessRevocation> standing)
    {
        if (_path is null)
            return;
        var beside = _path + ".new";
        File.Delete(beside);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(beside, options))
        {
            foreach (var revocation in standing.Where(OutlivesProcess))
            {
                JsonSerializer.Serialize(stream, revocation, Format);
                stream.Write("\n"u8);
            }
            stream.Flush(flushToDisk: true);
        }
        File.Move(beside, _path, overwrite: true);
    }
}
