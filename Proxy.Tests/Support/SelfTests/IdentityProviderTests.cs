using System.Security.Cryptography.X509Certificates;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using NUnit.Framework;

namespace Proxy.Tests.Support.SelfTests;

public sealed class IdentityProviderTests
{
    [Test]
    public async Task Tokens_of_the_in_process_issuer_verify_by_its_discovery()
    {
        await using var provider = await TestIdentityProvider.StartAsync();
        Assert.That(await IsValidAsync(provider.Issuer, provider.IssueToken()), Is.True);
    }

    [Test]
    public async Task A_token_signed_with_a_foreign_key_does_not_verify()
    {
        await using var provider = await TestIdentityProvider.StartAsync();
        Assert.That(await IsValidAsync(provider.Issuer, provider.IssueToken(signedBy: TestIdentityProvider.ForeignKey())), Is.False);
    }

    [Test]
    public async Task Tokens_of_the_real_provider_verify_by_its_discovery()
    {
        await using var provider = await OidcProviderProcess.StartAsync();
        Assert.That(await IsValidAsync(provider.Issuer, await provider.RequestTokenAsync()), Is.True);
    }

    private static async Task<bool> IsValidAsync(Uri issuer, string token)
    {
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { TestCertificates.Shared.Authority },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        using var http = new HttpClient(handler);
        var configuration = await OpenIdConnectConfigurationRetriever.GetAsync(
            new Uri(issuer, "/.well-known/openid-configuration").AbsoluteUri, new HttpDocumentRetriever(http), CancellationToken.None);
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = configuration.Issuer,
            ValidAudience = "phigate",
            IssuerSigningKeys = configuration.SigningKeys,
        });
        return result.IsValid;
    }
}
