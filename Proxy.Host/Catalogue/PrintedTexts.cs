using Npgsql;
using NpgsqlTypes;

namespace Proxy.Host.Catalogue;

/// <summary>
/// Texts that the server prints from its trees: queries of views, bodies of functions. Printing one takes an ACCESS SHARE lock on each relation in it,
/// so it is asked in small portions, each a transaction of its own, and waits for nobody: what a migration holds locked is left out.
/// </summary>
internal sealed class PrintedTexts(NpgsqlConnection connection)
{
    private const int PortionMax = 100;

    /// <summary>After so many that could not be had one by one, the others are not tried.</summary>
    private const int MissingMax = 20;

    /// <summary>A longer text is left out.</summary>
    private const int CharsMax = 256 * 1024;

    /// <summary>How many were asked for and could not be had.</summary>
    public int Missing { get; private set; }

    /// <summary>By OID; those that are longer than a limit, could not be locked, or are gone, are not in it.</summary>
    /// <param name="query">Takes an array of OIDs and returns OID and text of each.</param>
    public async Task<Dictionary<uint, string>> ReadAsync(string query, IReadOnlyList<uint> oids, CancellationToken cancellationToken)
    {
        var texts = new Dictionary<uint, string>(oids.Count);
        if (oids.Count == 0)
            return texts;
        await using (var settings = new NpgsqlCommand("select set_config('lock_timeout', '100ms', false)", connection))
            await settings.ExecuteNonQueryAsync(cancellationToken);
        foreach (var portion in oids.Chunk(PortionMax))
            if (!await TryReadAsync(query, portion, texts, cancellationToken))
                foreach (var oid in portion)
                    if (Missing >= MissingMax || !await TryReadAsync(query, [oid], texts, cancellationToken))
                        Missing++;
        return texts;
    }

    private async Task<bool> TryReadAsync(string query, uint[] oids, Dictionary<uint, string> texts, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(query, connection) { Parameters = { new() { Value = oids, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Oid } } };
        try
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                if (FactReader.TextOrNull(reader, 1) is { Length: <= CharsMax } text)
                    texts[reader.GetFieldValue<uint>(0)] = text;
            return true;
        }
        catch (PostgresException error) when (!error.IsTransient || error.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            // Locked by somebody, or dropped between two questions; whatever it was, nothing is known of it.
            return false;
        }
    }
}
