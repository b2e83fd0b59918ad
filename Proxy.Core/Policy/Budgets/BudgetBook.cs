using System.Security.Cryptography;
using System.Text;

namespace Proxy.Core.Policy.Budgets;

/// <summary>
/// The accounts of all identities. Sessions come and go, policies are reloaded: what was used within the hour stays. Thread-safe; off the hot
/// path but for <see cref="Codes"/>.
/// </summary>
/// <param name="codes">Makes the codes by which rows and values are told apart.</param>
/// <param name="time">The clock.</param>
/// <param name="slotsMax">Codes remembered in all, at 12 bytes each; beyond, new ones are refused.</param>
/// <param name="accountsMax">Identities remembered; beyond, new ones are refused where a budget is set.</param>
public sealed class BudgetBook(BudgetCodes codes, TimeProvider time, long slotsMax = BudgetBook.DefaultSlotsMax, int accountsMax = BudgetBook.DefaultAccountsMax)
{
    public const long DefaultSlotsMax = 16 << 20;
    public const int DefaultAccountsMax = 20_000;

    private readonly Lock _gate = new();
    private readonly BudgetSpace _space = new(slotsMax);
    private readonly Dictionary<string, BudgetAccount> _accounts = new(StringComparer.Ordinal);

    public BudgetCodes Codes { get; } = codes;

    /// <summary>
    /// The accounts that a session of this principal uses: the agent's, and that of the human behind it where somebody else than the agent says who
    /// that is. Empty when there is no room for them: then nothing that has a budget may run.
    /// </summary>
    internal BudgetAccount[] AccountsOf(Principal principal, string target)
    {
        using var scope = _gate.EnterScope();
        if (Account("identity", principal.Issuer, principal.Subject, principal.Marks.Agent is Provenance.SelfDeclared ? null : principal.Agent, target) is not { } identity)
            return [];
        if (principal.Human is not { } human || principal.Marks.Human is Provenance.SelfDeclared)
            return [identity];
        return Account("human", principal.Issuer, human, null, target) is { } behind ? [identity, behind] : [];
    }

    /// <summary>What is to outlive the process, by the accounts' names.</summary>
    public IReadOnlyDictionary<string, BudgetState> Save()
    {
        BudgetAccount[] accounts;
        using (_gate.EnterScope())
            accounts = [.. _accounts.Values];
        return accounts.Select(static account => (account.Name, State: account.Save())).Where(static saved => !saved.State.IsEmpty)
            .ToDictionary(static saved => saved.Name, static saved => saved.State, StringComparer.Ordinal);
    }

    /// <summary>For the start: takes over what an earlier process saved.</summary>
    public void Restore(IReadOnlyDictionary<string, BudgetState> saved)
    {
        using var scope = _gate.EnterScope();
        foreach (var (name, state) in saved)
        {
            var account = new BudgetAccount(name, time, _space) { AskedAt = Now() };
            account.Restore(state);
            _accounts[name] = account;
        }
    }

    public override string ToString() => $"{_accounts.Count} budget accounts";

    private BudgetAccount? Account(string kind, string issuer, string name, string? agent, string target)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', kind, issuer, name, agent ?? "", target))));
        if (!_accounts.TryGetValue(digest, out var account))
        {
            if (_accounts.Count >= accountsMax)
                Forget();
            if (_accounts.Count >= accountsMax)
                return null;
            _accounts[digest] = account = new BudgetAccount(digest, time, _space);
        }
        account.AskedAt = Now();
        return account;
    }

    /// <summary>Lets go of accounts in which nothing counts any more.</summary>
    private void Forget()
    {
        foreach (var (name, account) in _accounts.ToArray())
            if (account.AskedAt < Now() && account.TryClose())
                _accounts.Remove(name);
    }

    private int Now() => (int)(time.GetUtcNow().ToUnixTimeSeconds() / 60);
}
