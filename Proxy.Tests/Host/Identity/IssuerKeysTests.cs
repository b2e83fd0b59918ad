using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Proxy.Core.Policy;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Identity;
using Proxy.Tests.Support;

namespace Proxy.Tests.Host.Identity;

/// <summary>Keys by discovery from an issuer that rotates, fails, stalls or lies, over real HTTPS and HTTP.</summary>
[CancelAfter(60_000)]
public sealed class IssuerKeysTests
{
    private readonly ShiftedTime _time = new();
    private TestIdentityProvider _provider = null!;
    private TokenValidator _validator = null!;

    [SetUp]
    public async Task Start()
    {
        _time.Offset = TimeSpan.Zero;
        _provider = await TestIdentityProvider.StartAsync();
        _validator = new TokenValidator([Options(_provider.Issuer.AbsoluteUri.TrimEnd('/'))], _time, NullLogger.Instance);
    }

    [TearDown]
    public async Task End()
    {
        _validator.Dispose();
        await _provider.DisposeAsync();
    }

    private static IssuerOptions Options(string issuer) => new()
    {
        Name = "provider",
        Issuer = issuer,
        Audiences = [TestIdentityProvider.Audience],
        CaFile = TestCertificates.Shared.AuthorityPath,
        TokenLifetimeSecondsMax = 604800,
        Keys = new IssuerKeyOptions { FetchTimeoutSeconds = 20 },
    };

    private async Task<string?> CodeAsync(string token, CancellationToken cancellationToken) =>
        (await _validator.ValidateAsync(token, cancellationToken)).Refusal?.Code;

    private string LongToken() => _provider.IssueToken(lifetime: TimeSpan.FromDays(6));

    [Test]
    public async Task Keys_are_found_by_discovery_over_https_and_fetched_once(CancellationToken cancellationToken)
    {
        var tokens = Enumerable.Range(0, 20).Select(_ => _provider.IssueToken()).ToArray();

        var codes = await Task.WhenAll(tokens.Select(token => CodeAsync(token, cancellationToken)));

        Assert.That(codes, Has.All.Null);
        Assert.That(_provider.KeySetRequests, Is.EqualTo(1));
        Assert.That(_validator.Status.Single(), Is.EqualTo(new IssuerStatus("provider", 1, _validator.Status.Single().FetchedAt, null)));
    }

    [Test]
    public async Task An_issuer_whose_certificate_is_not_trusted_gives_no_keys(CancellationToken cancellationToken)
    {
        using var validator = new TokenValidator(
            [Options(_provider.Issuer.AbsoluteUri.TrimEnd('/')) with { CaFile = null }], _time, NullLogger.Instance);

        var outcome = await validator.ValidateAsync(_provider.IssueToken(), cancellationToken);

        Assert.That(outcome.Refusal?.Code, Is.EqualTo("issuer-unavailable"));
    }

    [Test]
    public async Task A_rotated_key_is_fetched_when_the_interval_allows_it(CancellationToken cancellationToken)
    {
        Assert.That(await CodeAsync(_provider.IssueToken(), cancellationToken), Is.Null);
        _provider.RotateKey();
        var token = _provider.IssueToken();

        Assert.That(await CodeAsync(token, cancellationToken), Is.EqualTo("token-key"));
        _time.Offset += TimeSpan.FromSeconds(31);

        Assert.That(await CodeAsync(token, cancellationToken), Is.Null);
        Assert.That(_provider.KeySetRequests, Is.EqualTo(2));
    }

    [Test]
    public async Task Unknown_kids_cannot_make_us_call_the_issuer_more_than_once_per_interval(CancellationToken cancellationToken)
    {
        Assert.That(await CodeAsync(_provider.IssueToken(), cancellationToken), Is.Null);
        _time.Offset += TimeSpan.FromSeconds(31);

        for (var i = 0; i < 50; i++)
            Assert.That(await CodeAsync(_provider.IssueToken(signedBy: TestIdentityProvider.ForeignKey()), cancellationToken), Is.EqualTo("token-key"));

        Assert.That(_provider.KeySetRequests, Is.EqualTo(2));
    }

    [Test]
    public async Task A_key_that_the_issuer_withdraws_admits_no_more_after_the_next_fetch(CancellationToken cancellationToken)
    {
        var old = LongToken();
        Assert.That(await CodeAsync(old, cancellationToken), Is.Null);
        _provider.RotateKey(forgetOld: true);
        _time.Offset += TimeSpan.FromSeconds(31);
        Assert.That(await CodeAsync(LongToken(), cancellationToken), Is.Null);

        Assert.That(await CodeAsync(old, cancellationToken), Is.EqualTo("token-key"));
    }

    [Test]
    public async Task While_the_issuer_is_down_the_last_good_keys_serve_up_to_their_bound(CancellationToken cancellationToken)
    {
        var token = LongToken();
        Assert.That(await CodeAsync(token, cancellationToken), Is.Null);
        _provider.IsDown = true;

        _time.Offset = TimeSpan.FromHours(23);
        Assert.That(await CodeAsync(token, cancellationToken), Is.Null);
        _time.Offset = TimeSpan.FromHours(25);
        Assert.That(await CodeAsync(token, cancellationToken), Is.EqualTo("issuer-unavailable"));

        _provider.IsDown = false;
        _time.Offset = TimeSpan.FromHours(26);
        Assert.That(await CodeAsync(token, cancellationToken), Is.Null);
    }

    [Test]
    public async Task An_unknown_key_while_the_issuer_is_down_is_worth_a_retry(CancellationToken cancellationToken)
    {
        Assert.That(await CodeAsync(_provider.IssueToken(), cancellationToken), Is.Null);
        _provider.IsDown = true;
        _provider.RotateKey();
        _time.Offset += TimeSpan.FromSeconds(31);

        var outcome = await _validator.ValidateAsync(_provider.IssueToken(), cancellationToken);

        Assert.That((outcome.Refusal!.Code, outcome.Refusal.CanRetry), Is.EqualTo(("issuer-unavailable", true)));
        Assert.That(outcome.Detail, Does.Contain("HTTP status 503"));
    }

    [Test]
    public async Task A_reload_keeps_the_keys_of_issuers_that_stay(CancellationToken cancellationToken)
    {
        Assert.That(await CodeAsync(_provider.IssueToken(), cancellationToken), Is.Null);
        var issuer = _provider.Issuer.AbsoluteUri.TrimEnd('/');

        _validator.Update([Options(issuer) with { Audiences = ["other"] }]);
        Assert.That(await CodeAsync(_provider.IssueToken(), cancellationToken), Is.EqualTo("token-audience"));
        _validator.Update([]);
        Assert.That(await CodeAsync(_provider.IssueToken(), cancellationToken), Is.EqualTo("token-issuer"));

        Assert.That(_provider.KeySetRequests, Is.EqualTo(1));
    }

    private static IEnumerable<TestCaseData> BadAnswers()
    {
        static TestCaseData Case(string name, string problem, Func<string, HttpContext, Task> answer) =>
            new TestCaseData(problem, answer).SetArgDisplayNames(name);
        static Task Metadata(string issuer, HttpContext context, string keys, string? named = null) =>
            context.Response.WriteAsync($$"""{"issuer":"{{named ?? issuer}}","jwks_uri":"{{keys}}"}""");
        static Task KeySet(string issuer, HttpContext context, string keySet) => context.Request.Path == "/keys"
            ? context.Response.WriteAsync(keySet)
            : Metadata(issuer, context, issuer + "/keys");

        yield return Case("garbage", "the discovery document is not readable", (_, context) => context.Response.WriteAsync("<html>"));
        yield return Case("another issuer", "the discovery document is of another issuer", (issuer, context) =>
            Metadata(issuer, context, issuer + "/keys", "https://evil.example"));
        yield return Case("keys elsewhere over http", "the key set is not served over https", (issuer, context) =>
            Metadata(issuer, context, "http://192.0.2.1/keys"));
        yield return Case("keys in a file", "the key set is not served over https", (issuer, context) => Metadata(issuer, context, "file:///etc/passwd"));
        yield return Case("no keys named", "the discovery document names no key set", (issuer, context) => context.Response.WriteAsync($$"""{"issuer":"{{issuer}}"}"""));
        yield return Case("garbage for keys", "the key set is not readable", (issuer, context) => KeySet(issuer, context, "{\"keys\":7}"));
        yield return Case("no usable key", "the key set has no usable key", (issuer, context) =>
            KeySet(issuer, context, """{"keys":[{"kty":"oct","kid":"a","k":"c2VjcmV0"}]}"""));
        yield return Case("a redirect", "HTTP status 302", (_, context) =>
        {
            context.Response.Redirect("http://192.0.2.1/");
            return Task.CompletedTask;
        });
        yield return Case("endless", "HTTP request failed", async (_, context) =>
        {
            var chunk = new byte[64 * 1024];
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
        });
        yield return Case("stalled", "no answer within 1 seconds", (_, context) => Task.Delay(Timeout.Infinite, context.RequestAborted));
    }

    [TestCaseSource(nameof(BadAnswers))]
    public async Task A_bad_answer_admits_nobody_and_says_why(string problem, Func<string, HttpContext, Task> answer, CancellationToken cancellationToken)
    {
        await using var server = Http(answer);
        await server.StartAsync(cancellationToken);
        var issuer = server.Urls.Single();
        using var validator = new TokenValidator(
            [Options(issuer) with { CaFile = null, IAcceptHttpOnLoopback = true, Keys = new IssuerKeyOptions { FetchTimeoutSeconds = problem.StartsWith("no answer", StringComparison.Ordinal) ? 1 : 20 } }],
            _time,
            NullLogger.Instance);

        var outcome = await validator.ValidateAsync(_provider.IssueToken(claims: new Dictionary<string, object?> { ["iss"] = issuer }), cancellationToken);

        Assert.That(outcome.Refusal?.Code, Is.EqualTo(Refusals.IssuerUnavailable.Code));
        Assert.That(outcome.Detail, Does.Contain(problem));
    }

    private static WebApplication Http(Func<string, HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        application.Run(context => answer($"http://{context.Request.Host}", context));
        return application;
    }
}
