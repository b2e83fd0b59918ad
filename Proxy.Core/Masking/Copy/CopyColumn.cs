namespace Proxy.Core.Masking.Copy;

/// <summary>A column of a COPY, known from the statement before it runs, because the server's answer to COPY names no origins.</summary>
/// <param name="TypeOid">pg_type.oid; a domain's own or its base type's.</param>
/// <param name="TypeModifier">-1 for none.</param>
/// <param name="Kind">How it is shown.</param>
/// <param name="Domain">Whose key makes its tokens; null makes a pseudonym a redaction.</param>
public readonly record struct CopyColumn(uint TypeOid, int TypeModifier, MaskKind Kind, KeyDomain? Domain = null);
