namespace Proxy.Protocols;

/// <summary>Why the request relay stopped taking frames.</summary>
public enum RequestWait : byte
{
    /// <summary>Everything complete was taken: more bytes are needed.</summary>
    Bytes = 0,

    /// <summary>A text has to be read on a thread with a big stack.</summary>
    Analysis,

    /// <summary>A newer catalogue may know a name that this one does not.</summary>
    Catalogue,

    /// <summary>Replies to earlier requests have to come first.</summary>
    Replies,

    /// <summary>The server is being told to give up a statement: what comes next must not be hit by that.</summary>
    Cancel,

    /// <summary>The client said goodbye, or the session must end.</summary>
    End,
}
