using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Facts;
using Proxy.Host.Catalogue;
using Proxy.Host.Checks;
using Proxy.Host.Configuration.Gateway;
using Proxy.Host.Configuration.Yaml;
using Proxy.Host.DataPlane;
using Proxy.Tests.Support;

namespace Proxy.Tests.Host.DataPlane;

/// <summary>A target that is down does not keep the gateway from starting, and nobody gets there before it was looked at.</summary>
public sealed class TargetReviewTests : ITargetInspector
{
    private static readonly CatalogueFacts Empty = new() { ServerVersionNum = 150000, Relations = [], Columns = [] };
    private static readonly TargetFacts Good = new([new ServerRights { User = "app" }], Empty);
    private static readonly TargetFacts Superuser = new([new ServerRights { User = "app", IsSuperuser = true }], Empty);

    private readonly FakeTimeProvider _time = new();
    private volatile TargetFacts? _answer;

    [Test]
    public async Task A_good_target_passes_at_the_start()
    {
        _answer = Good;
        await using var review = Review();
        Assert.That((await review.StartAsync(CancellationToken.None)).Errors, Is.Empty);
        Assert.That(review.Problem, Is.Null);
    }

    [Test]
    public async Task Rights_that_masking_cannot_survive_are_an_error_at_the_start()
    {
        _answer = Superuser;
        await using var review = Review();
        Assert.That((await review.StartAsync(CancellationToken.None)).Errors.Single().Message, Does.Contain("SUPERUSER"));
        Assert.That(review.Problem, Is.Not.Null);
    }

    [Test]
    public async Task A_target_that_is_down_is_no_error_and_opens_when_it_answers()
    {
        _answer = null;
        await using var review = Review();
        Assert.That((await review.StartAsync(CancellationToken.None)).Errors, Is.Empty);
        Assert.That(review.Problem, Is.Not.Null);
        _answer = Good;
        await Eventually.IsTrueAsync(() => AdvancedAsync(() => review.Problem is null), "the target passes");
    }

    [Test]
    public async Task A_target_that_comes_up_unfit_stays_closed_until_it_is_mended()
    {
        _answer = null;
        await using var review = Review();
        await review.StartAsync(CancellationToken.None);
        _answer = Superuser;
        await Eventually.IsTrueAsync(() => AdvancedAsync(() => review.Problem?.Contains("failed", StringComparison.Ordinal) == true), "the target fails");
        _answer = Good;
        await Eventually.IsTrueAsync(() => AdvancedAsync(() => review.Problem is null), "the target passes");
    }

    [Test]
    public async Task Rights_given_after_the_review_are_objected_to()
    {
        await using var review = Review();
        Assert.Multiple(() =>
        {
            Assert.That(review.ObjectionTo(Good.Rights), Is.Null);
            Assert.That(review.ObjectionTo(Superuser.Rights), Is.Not.Null);
            Assert.That(review.ObjectionTo(Good.Rights), Is.Null);
        });
    }

    public Task<TargetFacts> InspectAsync(TargetOptions target, string database, CancellationToken cancellationToken) =>
        _answer is { } facts ? Task.FromResult(facts) : throw new TargetUnreachableException("down", new IOException());

    private Task<bool> AdvancedAsync(Func<bool> condition)
    {
        _time.Advance(TimeSpan.FromSeconds(2));
        return Task.FromResult(condition());
    }

    private TargetReview Review()
    {
        var document = YamlDocumentReader.Read("gateway.yaml", "targets: { test: { address: x, database-user: app } }", [])!;
        var target = new TargetOptions
        {
            Name = "test",
            Address = new NetworkAddress("localhost", 5432),
            Databases = ["db"],
            DatabaseUser = "app",
            Credential = new CredentialOptions(),
        };
        return new TargetReview(target, ColumnClassification.Nothing, document, this, _time, NullLogger.Instance);
    }
}
