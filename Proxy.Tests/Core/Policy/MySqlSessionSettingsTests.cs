using NUnit.Framework;
using Proxy.Core.Policy;
using Proxy.Tests.Core.Sql.MySql;

namespace Proxy.Tests.Core.Policy;

/// <summary>What the rules impose on a session of MySQL or MariaDB, no statement takes off again.</summary>
public sealed class MySqlSessionSettingsTests
{
    private static readonly SessionSettings Imposed = new()
    {
        ReadOnly = true,
        StatementTimeoutMs = 5000,
        LockTimeoutMs = 2000,
        IdleInTransactionTimeoutMs = 10_000,
    };

    [TestCase("set session tx_read_only = 0", false)]
    [TestCase("set tx_read_only = 1", true)]
    [TestCase("set tx_read_only = default", false)]
    [TestCase("set transaction_read_only = off", false)]
    [TestCase("set session transaction read write", false)]
    [TestCase("set session transaction isolation level serializable, read only", true)]
    [TestCase("set transaction read write", false)]
    [TestCase("start transaction read write", false)]
    [TestCase("start transaction with consistent snapshot, read only", true)]
    [TestCase("start transaction", true)]
    [TestCase("set max_statement_time = 5", true)]
    [TestCase("set max_statement_time = 6", false)]
    [TestCase("set max_statement_time = 0", false)]
    [TestCase("set max_statement_time = 0.5", false)]
    [TestCase("set max_statement_time = default", false)]
    [TestCase("set statement max_statement_time = 0 for select 1", false)]
    [TestCase("set max_execution_time = 5000", true)]
    [TestCase("set max_execution_time = 5001", false)]
    [TestCase("set innodb_lock_wait_timeout = 2, lock_wait_timeout = 1", true)]
    [TestCase("set innodb_lock_wait_timeout = 2, lock_wait_timeout = 3", false)]
    [TestCase("set lock_wait_timeout = -1", false)]
    [TestCase("set idle_transaction_timeout = 10", true)]
    [TestCase("set idle_write_transaction_timeout = 11", false)]
    [TestCase("set autocommit = 0", true)]
    public void Nothing_imposed_is_taken_off(string text, bool isPermitted) => Assert.Multiple(() =>
    {
        var settings = MySqlText.Read(text).Settings;
        Assert.That(settings.All(static setting => Imposed.Permits(setting)), Is.EqualTo(isPermitted));
        Assert.That(settings.All(static setting => SessionSettings.None.Permits(setting)), Is.True);
    });
}
