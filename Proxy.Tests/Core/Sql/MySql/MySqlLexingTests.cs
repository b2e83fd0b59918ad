using NUnit.Framework;
using Proxy.Core.Sql;
using Proxy.Core.Sql.MySql;

namespace Proxy.Tests.Core.Sql.MySql;

/// <summary>Where tokens begin and end decides what a statement says. What each text means was measured on MariaDB 10.11.</summary>
public sealed class MySqlLexingTests
{
    [TestCase("select 1 /*! , ssn */ from patients")]
    [TestCase("select 1 /*!50000 , ssn */ from patients")]
    [TestCase("select 1 /*!050000 , ssn */ from patients")]
    [TestCase("select 1 /*!100000 , ssn */ from patients")]
    [TestCase("select 1 /*M!100000 , ssn */ from patients")]
    [TestCase("select 1 /*M!50701 , ssn */ from patients")]
    public void A_comment_that_the_server_executes_is_part_of_the_statement(string text) =>
        Assert.That(MySqlText.Read(text).Columns, Does.Contain("ssn"));

    [TestCase("select 1 /*!80000 , ssn */ from patients")]
    [TestCase("select 1 /*!99999 , ssn */ from patients")]
    [TestCase("select 1 /*!999999 , ssn */ from patients")]
    [TestCase("select 1 /*!50701 , ssn */ from patients")]
    [TestCase("select 1 /*M!110000 , ssn */ from patients")]
    [TestCase("select 1 /*!80000 , /* inner */ ssn */ from patients")]
    [TestCase("select 1 -- , ssn\n from patients")]
    [TestCase("select 1 # , ssn\n from patients")]
    [TestCase("select 1 /* , ssn */ from patients")]
    public void A_comment_that_the_server_skips_is_not(string text) => Assert.That(MySqlText.Read(text).Columns, Does.Not.Contain("ssn"));

    [TestCase("select 1 /*! , ssn from patients")]
    [TestCase("select 1 /* , ssn from patients")]
    [TestCase("select 1 /*! /* */ */")]
    [TestCase("select 1 /*! ; select 2 */")]
    [TestCase("select 'a")]
    [TestCase("select `a")]
    [TestCase("select 1 =! 0")]
    [TestCase("select @ a")]
    [TestCase("select ?a")]
    [TestCase("select x'abc'")]
    [TestCase("select 1 \u0001 2")]
    public void What_the_lexer_of_the_server_refuses_or_guesses_is_refused(string text) =>
        Assert.That(MySqlText.Analyse(text).Status, Is.EqualTo(AnalysisStatus.SyntaxError));

    [Test]
    public void Double_quotes_are_strings_or_names_as_the_session_says() =>
        Assert.Multiple(() =>
        {
            Assert.That(MySqlText.Read("select \"ssn\" from p").Columns, Is.Empty);
            Assert.That(MySqlText.Read("select \"ssn\" from p", MySqlText.MariaDb with { Modes = MySqlModes.AnsiQuotes }).Columns, Is.EqualTo(new[] { "ssn" }));
        });

    [Test]
    public void A_backslash_escapes_a_quote_unless_the_session_says_otherwise() =>
        Assert.Multiple(() =>
        {
            Assert.That(MySqlText.Read("select 'a\\' , ssn from p -- '").Columns, Is.Empty);
            Assert.That(
                MySqlText.Read("select 'a\\' , ssn from p -- '", MySqlText.MariaDb with { Modes = MySqlModes.NoBackslashEscapes }).Columns, Is.EqualTo(new[] { "ssn" }));
        });

    [Test]
    public void Pipes_join_strings_only_where_the_session_says_so() =>
        Assert.Multiple(() =>
        {
            Assert.That(MySqlText.Read("select a || b").Functions, Is.Empty);
            Assert.That(MySqlText.Read("select a || b", MySqlText.MariaDb with { Modes = MySqlModes.PipesAsConcat }).Functions, Is.EqualTo(new[] { new QualifiedName(null, "concat") }));
        });

    [Test]
    public void A_word_beside_a_dot_is_a_name_and_may_begin_with_digits() =>
        Assert.That(MySqlText.Read("select select.1a, t.key, 1b from t").Columns, Is.EquivalentTo(new[] { "1a", "key", "1b" }));

    [Test]
    public void A_function_of_the_server_behind_a_space_is_somebody_elses() =>
        Assert.Multiple(() =>
        {
            Assert.That(MySqlText.Read("select sum(a) from t").OpaqueBecause, Is.Null);
            Assert.That(MySqlText.Read("select sum (a) from t").OpaqueBecause, Is.Not.Null);
            Assert.That(MySqlText.Read("select sum (a) from t", MySqlText.MariaDb with { Modes = MySqlModes.IgnoreSpace }).OpaqueBecause, Is.Null);
        });

    [Test]
    public void Bytes_that_are_no_text_are_not_read() =>
        Assert.Multiple(() =>
        {
            Assert.That(MySqlText.Analyse("select 1 \0 , 2").Status, Is.EqualTo(AnalysisStatus.NotText));
            Assert.That(MySqlText.Analyse([(byte)'d', (byte)'o', (byte)' ', (byte)'\'', 0xBF, 0x27]).Status, Is.EqualTo(AnalysisStatus.NotText));
        });

    [Test]
    public void Other_grammars_are_not_read() =>
        Assert.That(MySqlText.Analyse("select 1", MySqlText.MariaDb with { Modes = MySqlReadSettings.ModesOf("ORACLE") }).Status, Is.EqualTo(AnalysisStatus.Failed));

    [TestCase("select 1; select 2", 2)]
    [TestCase("select 1;", 1)]
    [TestCase("select ';' /* ; */; do 1", 2)]
    [TestCase("  -- nothing", 0)]
    public void A_text_is_split_at_semicolons_outside_of_strings_and_comments(string text, int statements) =>
        Assert.That(MySqlText.Analyse(text).Statements, Has.Length.EqualTo(statements));

    [TestCase("create procedure p() begin select 1; drop table t; end")]
    [TestCase("begin not atomic select 1; select 2; end")]
    public void The_semicolons_of_a_body_end_no_statement(string text) => Assert.That(MySqlText.Read(text).OpaqueBecause, Is.Not.Null);

    [Test]
    public void MySQL_gets_no_comment_that_it_may_execute() =>
        Assert.Multiple(() =>
        {
            Assert.That(MySqlText.Analyse("select 1 /*!80000 , 2 */", MySqlText.MySql8).Status, Is.EqualTo(AnalysisStatus.SyntaxError));
            Assert.That(MySqlText.Analyse("select /*+ SET_VAR(sql_mode='ANSI_QUOTES') */ 1", MySqlText.MySql8).Status, Is.EqualTo(AnalysisStatus.SyntaxError));
        });
}
