using NUnit.Framework;
using Proxy.Core.Policy;
using Proxy.Core.Sql;

namespace Proxy.Tests.Core.Sql.MySql;

/// <summary>sql_mode = concat(@@sql_mode, ',…') is a literal that is added; anything else that is computed stays computed.</summary>
public sealed class MySqlModeAdditionTests
{
    [TestCase("set sql_mode = concat(@@sql_mode, ',STRICT_TRANS_TABLES')", true)]
    [TestCase("set sql_mode = CONCAT( @@sql_mode , ',STRICT_TRANS_TABLES,NO_ZERO_DATE' )", true)]
    [TestCase("set session sql_mode = concat('STRICT_ALL_TABLES,', @@sql_mode)", true)]
    [TestCase("set autocommit=1, session_track_schema=1, sql_mode = concat(@@sql_mode,',STRICT_TRANS_TABLES')", true)]
    [TestCase("set sql_mode = concat(@@sql_mode, ',ANSI_QUOTES')", false)]
    [TestCase("set sql_mode = concat(@@sql_mode, ',NO_BACKSLASH_ESCAPES')", false)]
    [TestCase("set sql_mode = concat(@@sql_mode, ',ANSI')", false)]
    [TestCase("set sql_mode = concat(@@sql_mode, ',ORACLE')", false)]
    [TestCase("set sql_mode = concat(@@sql_mode, 'STRICT_TRANS_TABLES')", false, Description = "without a comma it could complete another name")]
    [TestCase("set sql_mode = concat(@@global.sql_mode, ',STRICT_TRANS_TABLES')", false, Description = "others change the global one")]
    [TestCase("set sql_mode = concat(@@sql_mode, ',STRICT_TRANS', '_TABLES')", false)]
    [TestCase("set sql_mode = concat(@@sql_mode, @more)", false)]
    [TestCase("set sql_mode = concat(@@version, ',STRICT_TRANS_TABLES')", false)]
    [TestCase("set sql_mode = other.concat(@@sql_mode, ',STRICT_TRANS_TABLES')", false)]
    [TestCase("set sql_mode = concat_ws(@@sql_mode, ',STRICT_TRANS_TABLES')", false)]
    [TestCase("set sql_mode = (select concat(@@sql_mode, ',STRICT_TRANS_TABLES'))", false)]
    [TestCase("set sql_mode = replace(@@sql_mode, 'ANSI_QUOTES', '')", false)]
    public void Only_harmless_members_can_be_added(string text, bool isAllowed)
    {
        var changes = MySqlText.Read(text).Settings.Where(static setting => setting is { IsChanged: true, Name: "sql_mode" }).ToList();
        Assert.That(changes, Has.Count.EqualTo(1));
        Assert.That(MySqlSettingRules.IsAllowed(changes[0]), Is.EqualTo(isAllowed));
        if (isAllowed) Assert.That(changes[0].IsAddition, Is.True);
    }

    [Test]
    public void In_front_of_a_syntax_error_the_statements_are_known_that_the_server_runs()
    {
        var analysis = MySqlText.Analyse("select 1; delete from t; selekt 3; select 4");
        Assert.That(analysis.Status, Is.EqualTo(AnalysisStatus.SyntaxError));
        Assert.That(analysis.Statements, Is.Empty);
        Assert.That(analysis.BeforeFault.Select(static statement => statement.Kind), Is.EqualTo(new[] { StatementKind.Select, StatementKind.Delete }));
        Assert.That(analysis.FaultStart, Is.EqualTo("select 1; delete from t; ".Length));
    }
}
