using System.Text;
using Proxy.Host.Identity;
using Proxy.Protocols;

namespace Proxy.Host.Catalogue;

/// <summary>
/// The passwords that drivers were told during one piece of work, as texts, which is what they take. They keep none for themselves once a connection is open,
/// so the texts are cleared then, or at the latest when the work has ended. One connection is opened at a time in each piece of work.
/// </summary>
internal sealed class LentPasswords : IDisposable
{
    private static readonly AsyncLocal<LentPasswords?> OfThisWork = new();

    private readonly Lock _gate = new();
    private readonly List<string> _lent = [];

    private LentPasswords()
    {
    }

    /// <summary>For the calls that follow in this flow. Disposed where the work has ended.</summary>
    public static LentPasswords Begin() => OfThisWork.Value = new LentPasswords();

    /// <summary>What the driver is told; of the flow that opens the connection.</summary>
    public static string Lend(ServerCredential credential)
    {
        var text = Encoding.UTF8.GetString(credential.Password);
        if (OfThisWork.Value is { } work)
            lock (work._gate)
                work._lent.Add(text);
        return text;
    }

    /// <summary>The driver has what it wanted.</summary>
    public static void TakeBack() => OfThisWork.Value?.Dispose();

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var text in _lent)
                SecretText.Clear(text);
            _lent.Clear();
        }
    }
}
