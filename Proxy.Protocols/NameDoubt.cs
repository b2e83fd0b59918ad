using Proxy.Core.Policy;

namespace Proxy.Protocols;

/// <summary>
/// Whether a text waits for a newer catalogue before it is refused for a name that the catalogue does not know: somebody may have made the relation
/// or the function a moment ago, by a way that the gateway does not see. Once per text; a name that is still unknown then is unknown. For one caller.
/// </summary>
internal sealed class NameDoubt
{
    private bool _hasWaited;

    /// <param name="judgement">Of a text that comes again, and is judged again, after the wait that this asks for.</param>
    public bool MustWait(Judgement judgement) => _hasWaited = judgement.NamesUnknown && !_hasWaited;
}
