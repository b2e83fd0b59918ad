using System.Collections.Frozen;
using System.Collections.Immutable;
using Microsoft.IdentityModel.Tokens;

namespace Proxy.Host.Identity;

/// <summary>The usable keys of an issuer at one moment: public, asymmetric, strong enough, with a name. Everything else in a key set is passed over.</summary>
internal sealed class IssuerKeySet
{
    private const int RsaBitsMin = 2048;
    private const int KeysMax = 256;

    private readonly FrozenDictionary<string, ImmutableArray<JsonWebKey>> _byKid;

    private IssuerKeySet(FrozenDictionary<string, ImmutableArray<JsonWebKey>> byKid, ImmutableArray<string> ignored, DateTimeOffset fetchedAt)
    {
        _byKid = byKid;
        Ignored = ignored;
        FetchedAt = fetchedAt;
    }

    public DateTimeOffset FetchedAt { get; }

    /// <summary>Why keys were passed over, one entry each.</summary>
    public ImmutableArray<string> Ignored { get; }

    public int Count => _byKid.Count;

    /// <summary>Keys of that name: usually one, more where an issuer names keys of several types alike. Empty when there is none.</summary>
    public ImmutableArray<JsonWebKey> Find(string kid) => _byKid.GetValueOrDefault(kid, []);

    /// <exception cref="KeySetException">The document is no key set, or has no usable key.</exception>
    public static IssuerKeySet Parse(string document, DateTimeOffset fetchedAt)
    {
        JsonWebKeySet set;
        try
        {
            set = new JsonWebKeySet(document);
        }
#pragma warning disable CA1031 // The library throws several types for text that is not a key set; all mean the same here.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            throw new KeySetException("the key set is not readable", exception);
        }
        if (set.Keys.Count > KeysMax)
            throw new KeySetException($"the key set has more than {KeysMax} keys");

        var ignored = ImmutableArray.CreateBuilder<string>();
        var usable = new List<JsonWebKey>();
        foreach (var key in set.Keys)
        {
            if (WhyUnusable(key) is { } reason)
                ignored.Add(reason);
            else
                usable.Add(key);
        }
        if (usable.Count == 0)
            throw new KeySetException("the key set has no usable key");
        var byKid = usable.GroupBy(key => key.KeyId).ToFrozenDictionary(group => group.Key, group => group.ToImmutableArray());
        return new IssuerKeySet(byKid, ignored.ToImmutable(), fetchedAt);
    }

    private static string? WhyUnusable(JsonWebKey key)
    {
        if (string.IsNullOrEmpty(key.KeyId))
            return "it has no kid";
        if (key.Kty is not (JsonWebAlgorithmsKeyTypes.RSA or JsonWebAlgorithmsKeyTypes.EllipticCurve))
            return "it is neither RSA nor EC";
        if (key.HasPrivateKey)
            return "its private part is published";
        if (!string.IsNullOrEmpty(key.Use) && key.Use is not "sig")
            return "it is not for signatures";
        if (key.Kty is JsonWebAlgorithmsKeyTypes.RSA && key.KeySize < RsaBitsMin)
            return $"RSA with fewer than {RsaBitsMin} bits";
        return null;
    }
}
