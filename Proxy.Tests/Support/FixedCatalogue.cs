using Proxy.Core.Catalogue;

namespace Proxy.Tests.Support;

/// <summary>A catalogue that was loaded once and is as fresh as the test says.</summary>
public sealed class FixedCatalogue(CatalogueSnapshot snapshot) : ICatalogueSource
{
    private bool _isFresh = true;

    public CatalogueSnapshot Current { get; set; } = snapshot;

    public bool IsFresh
    {
        get => Volatile.Read(ref _isFresh);
        set => Volatile.Write(ref _isFresh, value);
    }

    public string? StaleReason => IsFresh ? null : "the test says so";

    /// <summary>How often a newer one was asked for.</summary>
    public int Requests { get; private set; }

    public void RequestRefresh() => Requests++;
}
