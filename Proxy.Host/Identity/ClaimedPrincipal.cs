using System.Collections.Immutable;
using System.Text.Json;
using Proxy.Core.Policy;
using Proxy.Host.Configuration.Gateway;

namespace Proxy.Host.Identity;

/// <summary>Who would ask with these claims, were they in a token: for explanations only. Nothing here admits anybody.</summary>
internal static class ClaimedPrincipal
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <exception cref="ArgumentException">With what is wrong with them.</exception>
    public static Principal Read(string claims, ImmutableArray<IssuerOptions> issuers)
    {
        try
        {
            using var document = JsonDocument.Parse(claims, Strict);
            if (document.RootElement.ValueKind is not JsonValueKind.Object)
                throw new ArgumentException("the claims are not a JSON object");
            var named = TokenContent.Text(document.RootElement, "iss");
            var issuer = named is null && issuers is [var only] ? only : issuers.FirstOrDefault(issuer => issuer.Name == named || issuer.Issuer == named)
                ?? throw new ArgumentException($"claim iss: there is no issuer {named ?? "(none)"} in gateway.yaml");
            return PrincipalMapper.Map(document.RootElement, issuer, DateTimeOffset.MaxValue, out var problem) ?? throw new ArgumentException(problem);
        }
        catch (JsonException)
        {
            throw new ArgumentException("the claims are not JSON without duplicate names");
        }
    }
}
