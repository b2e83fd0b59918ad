using System.Text;
using Proxy.Core.Sql;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.Postgres.Messages;

namespace Proxy.Protocols.Postgres.Shows;

/// <summary>
/// A SHOW that PhiGate answers: <c>SHOW phigate.masks</c>, <c>SHOW phigate.whoami</c>, alone in its text. In its place the server gets a query of
/// ours with the same columns and no rows, so that names, portals, formats, the pipeline and the state of the transaction are the server's
/// business as ever: in an aborted transaction its error is the answer, as for any SHOW. The rows are added in front of its CommandComplete.
/// </summary>
internal sealed class GatewayShow
{
    private static readonly GatewayShow Masks = new("column", "shown", "why", "profile");
    private static readonly GatewayShow WhoAmI = new("name", "value");

    private readonly byte[] _text;

    private GatewayShow(params string[] columns)
    {
        _text = Encoding.ASCII.GetBytes(
            $"/* PhiGate */ SELECT {string.Join(", ", columns.Select(static column => $"NULL::pg_catalog.text AS \"{column}\""))} WHERE false");
        Query = new MessageWriter().Begin(FrontendCode.Query).CString(_text).End().ToArray();
    }

    /// <summary>What a successful SHOW is answered with.</summary>
    public static ReadOnlySpan<byte> Tag => "SHOW"u8;

    public static byte[] Complete { get; } = new MessageWriter().Begin(BackendCode.CommandComplete).CString(Tag).End().ToArray();

    /// <summary>The message that stands in for a Query.</summary>
    public byte[] Query { get; }

    public bool IsMasks => ReferenceEquals(this, Masks);

    /// <summary>Null for every other text.</summary>
    public static GatewayShow? Of(StatementAnalysis analysis) =>
        analysis.Statements is [{ Kind: StatementKind.ShowSetting, Settings: [{ Name: var name }] }]
            ? name switch
            {
                "phigate.masks" => Masks,
                "phigate.whoami" => WhoAmI,
                _ => null,
            }
            : null;

    /// <summary>The message that stands in for a Parse.</summary>
    public byte[] ParseAs(ReadOnlySpan<byte> name) =>
        new MessageWriter().Begin(FrontendCode.Parse).CString(name).CString(_text).Int16(0).End().ToArray();
}
