using System.Collections.Frozen;
using Proxy.Core.Catalogue;
using Proxy.Core.Masking;
using Proxy.Core.Policy;
using Proxy.Core.Sql;
using Proxy.Protocols;
using Proxy.Protocols.Postgres;

namespace Proxy.Tests.Support;

/// <summary>A dialect without a server: the test plays both sides. Parser and judge are the real ones; no relation is known to the catalogue.</summary>
public static class ScriptedDialect
{
    private static readonly Principal Agent = new() { Issuer = "https://issuer.test", Subject = "agent", ExpiresAt = DateTimeOffset.MaxValue };

    private static readonly FrozenDictionary<string, string> Parameters = new Dictionary<string, string>
    {
        ["application_name"] = "",
        ["client_encoding"] = "UTF8",
        ["DateStyle"] = "ISO, MDY",
        ["standard_conforming_strings"] = "on",
    }.ToFrozenDictionary();

    /// <summary>Shows everything but refuses statements about the structure.</summary>
    public static AccessPolicy NoStructure { get; } = new(
        [
            new AccessRule { Name = "no structure", Risk = new RiskCondition { AnyOf = RiskClasses.Schema }, Verdict = Verdict.Refuse },
            .. GatewayHarness.ShowEverything.Rules,
        ],
        "no structure");

    public static PostgresDialect Create(ISqlFrontEnd? frontEnd = null, AccessPolicy? policy = null, Limits? limits = null)
    {
        var judge = new SessionJudge(
            Agent, "test", "test", new SwitchablePolicy(policy ?? NoStructure), new FixedCatalogue(CatalogueSnapshot.Empty), new MaskPlanner(null), TimeProvider.System);
        return new PostgresDialect(
            Guid.NewGuid(), frontEnd ?? GatewayHarness.SharedFrontEnd.Value, judge, new AcceptingJournal(), new ServerGreeting([], Parameters, new CancelTicket(0, [])),
            limits ?? new Limits(), TimeProvider.System);
    }
}
