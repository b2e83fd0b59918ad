using System.Collections.Concurrent;

namespace Proxy.Core.Sql.MySql;

/// <summary>
/// Reads MySQL's and MariaDB's SQL by a lexer and a parser of our own. One per process. How a text is read depends on settings that a session may
/// change, so a session asks for the front end of the settings it has.
/// </summary>
public sealed class MySqlFrontEnd
{
    private readonly MySqlFrontEndOptions _options;
    private readonly TextFingerprint _fingerprint;
    private readonly MySqlReaderPool _readers;
    private readonly ConcurrentDictionary<MySqlReadSettings, MySqlTextReader> _bySettings = new();

    public MySqlFrontEnd(MySqlFrontEndOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _fingerprint = options.FingerprintKey is { } key ? new TextFingerprint(key.Span) : TextFingerprint.WithRandomKey();
        _readers = new MySqlReaderPool(options.ReadersKept);
    }

    /// <summary>Always the same for the same settings, as long as there are not too many of them.</summary>
    public ISqlFrontEnd For(MySqlReadSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (_bySettings.TryGetValue(settings, out MySqlTextReader? known)) return known;
        if (_bySettings.Count >= _options.SettingsMax) return new MySqlTextReader(settings, _options with { CacheBytesMax = 0 }, _fingerprint, _readers);
        return _bySettings.GetOrAdd(settings, added => new MySqlTextReader(added, _options, _fingerprint, _readers));
    }
}
