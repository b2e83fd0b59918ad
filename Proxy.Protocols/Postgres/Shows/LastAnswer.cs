using Proxy.Core.Policy;

namespace Proxy.Protocols.Postgres.Shows;

/// <summary>
/// The description of the session's last answer with columns, and by what it was judged. A copy of the message in a buffer that is used again: a
/// description comes once per statement, not per row. Owned by the reply relay.
/// </summary>
internal sealed class LastAnswer
{
    private byte[] _copy = [];
    private ReadOnlyMemory<byte> _body;

    /// <summary>Null before the first answer.</summary>
    public Judgement? Judgement { get; private set; }

    public int Statement { get; private set; }

    /// <summary>The body of a RowDescription that was found well formed.</summary>
    public ReadOnlySpan<byte> Body => _body.Span;

    /// <param name="judgement">Of the text that is answered.</param>
    /// <param name="statement">Which statement of the text.</param>
    /// <param name="body">The RowDescription's.</param>
    public void Remember(Judgement? judgement, int statement, ReadOnlySpan<byte> body)
    {
        if (judgement is null || GatewayShow.Of(judgement.Analysis) is not null) return;
        if (_copy.Length < body.Length) _copy = new byte[body.Length];
        body.CopyTo(_copy);
        _body = _copy.AsMemory(0, body.Length);
        Judgement = judgement;
        Statement = statement;
    }
}
