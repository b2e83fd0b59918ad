using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using Proxy.Core.Policy;
using Proxy.Core.Policy.Budgets;

namespace Proxy.Tests.Core.Policy.Budgets;

public sealed class BudgetAccountTests
{
    private static readonly Principal Agent = new()
    {
        Issuer = "https://issuer.test",
        Subject = "agent-7",
        Agent = "coder",
        Human = "ada",
        ExpiresAt = DateTimeOffset.MaxValue,
    };

    private FakeTimeProvider _time = null!;
    private readonly BudgetCodes _codes = new();
    private BudgetBook _book = null!;

    [SetUp]
    public void Open()
    {
        _time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 26, 10, 0, 30, TimeSpan.Zero));
        _book = new BudgetBook(_codes, _time);
    }

    [OneTimeTearDown]
    public void Close() => _codes.Dispose();

    [Test]
    public void A_row_counts_once_however_often_it_is_shown()
    {
        var session = Session(new Budget { PhiRows = 3 });

        Assert.That(Shown(session, 1, 2, 1, 2, 3, 3, 1), Is.EqualTo(7));
        Assert.That(session.TryShow(4), Is.False);
        Assert.That(session.TryShow(1), Is.True);
    }

    [Test]
    public void What_was_shown_counts_for_an_hour_from_its_last_time_on()
    {
        var session = Session(new Budget { PhiRows = 2 });
        Shown(session, 1, 2);
        _time.Advance(TimeSpan.FromMinutes(40));
        Shown(session, 2);

        _time.Advance(TimeSpan.FromMinutes(20));
        Assert.That(session.TryShow(3), Is.False, "60 minutes after the first");
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(session.TryShow(3), Is.True, "61 minutes after the first");
        Assert.That(session.TryShow(4), Is.False, "the second was shown again");
        _time.Advance(TimeSpan.FromMinutes(40));
        Assert.That(session.TryShow(4), Is.True);
    }

    [Test]
    public void A_refusal_names_the_budget_and_when_it_has_room_again()
    {
        var session = Session(new Budget { PhiRows = 2 });
        Shown(session, 1, 2);
        _time.Advance(TimeSpan.FromMinutes(5));

        var refusal = session.Admit(RiskClasses.Read | RiskClasses.PhiRead, showsPhi: true);

        Assert.That(refusal?.Detail, Is.EqualTo(
            "phigate code=budget-spent retry=yes why=phi-rows: 2 of 2 used within an hour; room again at 2026-11-26T11:01Z"));
        Assert.That(session.Admit(RiskClasses.Read, showsPhi: false), Is.Null);
        _time.SetUtcNow(new DateTimeOffset(2026, 11, 26, 11, 1, 0, TimeSpan.Zero));
        Assert.That(session.Admit(RiskClasses.Read | RiskClasses.PhiRead, showsPhi: true), Is.Null);
    }

    [Test]
    public void Values_are_compared_all_or_none_and_known_ones_cost_nothing()
    {
        var session = Session(new Budget { PhiLiterals = 3 });

        Assert.That(session.Compare([1, 2]), Is.Null);
        Assert.That(session.Compare([1, 2, 3, 4])?.Code, Is.EqualTo("budget-spent"));
        Assert.That(session.Compare([1, 2, 1]), Is.Null);
        Assert.That(session.Compare([3]), Is.Null);
        Assert.That(session.Compare([4])?.Why, Does.StartWith("phi-literals: 3 of 3"));
    }

    [Test]
    public void Refusals_that_time_mends_do_not_count_and_a_spent_one_stops_everything_but_the_sessions_own_business()
    {
        var session = Session(new Budget { Refusals = 2 });
        session.Refused(Refusals.CatalogueStale.Because("x"));
        session.Refused(Refusals.RuleRefused.Because("x"));
        Assert.That(session.Admit(RiskClasses.Read, showsPhi: false), Is.Null);

        session.Refused(Refusals.InferenceRefused.Because("x"));

        Assert.That(session.Admit(RiskClasses.Read, showsPhi: false)?.Why, Does.StartWith("refusals: 2 of 2"));
        Assert.That(session.Admit(RiskClasses.Session, showsPhi: false), Is.Null);
    }

    [Test]
    public void All_sessions_of_an_identity_share_an_account_and_others_have_their_own()
    {
        Shown(Session(new Budget { PhiRows = 2 }), 1, 2);

        Assert.That(Session(new Budget { PhiRows = 2 }).TryShow(3), Is.False);
        Assert.That(Session(new Budget { PhiRows = 2 }, Agent with { Subject = "agent-8", Human = "ben" }).TryShow(3), Is.True);
        Assert.That(Session(new Budget { PhiRows = 2 }, target: "elsewhere").TryShow(3), Is.True);
    }

    [Test]
    public void Ten_agents_of_one_person_share_that_persons()
    {
        for (var i = 0; i < 10; i++)
            Shown(Session(new Budget { PhiRows = 10 }, Agent with { Subject = $"agent-{i}" }), (ulong)i);

        var eleventh = Session(new Budget { PhiRows = 10 }, Agent with { Subject = "agent-11" });

        Assert.That(eleventh.TryShow(99), Is.False);
        Assert.That(eleventh.Admit(RiskClasses.Read, showsPhi: true)?.Why, Does.StartWith("phi-rows of the human behind it: 10 of 10"));
    }

    [Test]
    public void A_human_that_the_agent_itself_names_gives_it_no_new_account()
    {
        var marks = IdentityMarks.AllVerified with { Human = Provenance.SelfDeclared, Agent = Provenance.SelfDeclared };
        Shown(Session(new Budget { PhiRows = 2 }, Agent with { Marks = marks }), 1, 2);

        Assert.That(Session(new Budget { PhiRows = 2 }, Agent with { Human = "eve", Agent = "other", Marks = marks }).TryShow(3), Is.False);
    }

    [Test]
    public void Where_there_is_no_room_to_remember_nothing_more_is_shown()
    {
        _book = new BudgetBook(_codes, _time, slotsMax: 64, accountsMax: 2);
        var session = Session(new Budget { PhiRows = 1000 }, Agent with { Human = null });

        Assert.That(Shown(session, [.. Enumerable.Range(0, 200).Select(static i => (ulong)i)]), Is.EqualTo(48));
        Assert.That(session.TryShow(0), Is.True, "what is remembered may be shown again");
        Session(new Budget { PhiRows = 1000 }, Agent with { Subject = "second", Human = null });
        var third = Session(new Budget { PhiRows = 1000 }, Agent with { Subject = "third", Human = null });
        Assert.That(third.TryShow(1), Is.False);
        Assert.That(third.Admit(RiskClasses.Read, showsPhi: false)?.Code, Is.EqualTo("budget-spent"));
    }

    [Test]
    public void An_account_in_which_nothing_counts_any_more_makes_room_for_another_and_its_session_gets_a_new_one()
    {
        _book = new BudgetBook(_codes, _time, accountsMax: 1);
        var first = Session(new Budget { PhiRows = 5 }, Agent with { Human = null });
        Shown(first, 1);
        _time.Advance(TimeSpan.FromMinutes(62));
        var second = Session(new Budget { PhiRows = 5 }, Agent with { Subject = "second", Human = null });

        Assert.That(second.Admit(RiskClasses.Read, showsPhi: true), Is.Null);
        Assert.That(second.TryShow(1), Is.True);
        Assert.That(first.Admit(RiskClasses.Read, showsPhi: true)?.Code, Is.EqualTo("budget-spent"), "there is room for one account only");
    }

    [Test]
    public void A_restart_forgets_which_but_not_how_many()
    {
        var session = Session(new Budget { PhiRows = 5, PhiLiterals = 5, Bytes = 100, Refusals = 5 });
        Shown(session, 1, 2, 3);
        session.Compare([1, 2]);
        session.TrySend(60);
        session.Refused(Refusals.RuleRefused.Because("x"));
        _time.Advance(TimeSpan.FromMinutes(10));
        var saved = _book.Save();
        _book = new BudgetBook(_codes, _time);
        _book.Restore(saved);

        var after = Session(new Budget { PhiRows = 5, PhiLiterals = 5, Bytes = 100, Refusals = 5 });

        Assert.That(Shown(after, 1, 2, 3), Is.EqualTo(2), "three counted before");
        Assert.That(after.Compare([1, 2, 3]), Is.Null);
        Assert.That(after.Compare([4]), Is.Not.Null);
        Assert.That(after.TrySend(41), Is.False);
        Assert.That(after.Describe().ToDictionary()["budget refusals"], Is.EqualTo("1 of 5 in the last hour"));
        _time.Advance(TimeSpan.FromMinutes(52));
        Assert.That(after.Describe().ToDictionary()["budget refusals"], Is.EqualTo("0 of 5 in the last hour"));
    }

    [Test]
    public void Counting_a_row_allocates_nothing_once_the_table_has_grown()
    {
        var session = Session(new Budget { PhiRows = 100_000 });
        for (ulong i = 0; i < 10_000; i++)
            session.TryShow(i * 0x9E3779B97F4A7C15);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (ulong i = 0; i < 10_000; i++)
            session.TryShow(i * 0x9E3779B97F4A7C15);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void A_million_codes_with_few_of_them_live_stay_few_in_memory()
    {
        _book = new BudgetBook(_codes, _time, slotsMax: 8192);
        var session = Session(new Budget { PhiRows = 2000 }, Agent with { Human = null });
        for (ulong minute = 0; minute < 500; minute++)
        {
            for (ulong i = 0; i < 20; i++)
                Assert.That(session.TryShow(((minute * 20) + i + 1) * 0x9E3779B97F4A7C15), Is.True);
            _time.Advance(TimeSpan.FromMinutes(1));
        }
    }

    private static int Shown(SessionBudget session, params ulong[] rows) => rows.Count(session.TryShow);

    private SessionBudget Session(Budget budget, Principal? principal = null, string target = "hospital") =>
        new(_book, principal ?? Agent, target, () => budget);
}
