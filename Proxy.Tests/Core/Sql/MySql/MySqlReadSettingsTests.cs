using NUnit.Framework;
using Proxy.Core.Sql.MySql;

namespace Proxy.Tests.Core.Sql.MySql;

public sealed class MySqlReadSettingsTests
{
    [TestCase("10.11.19-MariaDB-0+deb12u1", MySqlFlavour.MariaDb, 101119)]
    [TestCase("5.5.5-10.6.4-MariaDB", MySqlFlavour.MariaDb, 100604)]
    [TestCase("8.0.36", MySqlFlavour.MySql, 80036)]
    [TestCase("8.4.0-commercial", MySqlFlavour.MySql, 80400)]
    public void The_version_is_as_in_executable_comments(string version, MySqlFlavour flavour, int number) =>
        Assert.That(MySqlReadSettings.FromServer(version, ""), Is.EqualTo(new MySqlReadSettings(flavour, number, MySqlModes.None)));

    [TestCase("8")]
    [TestCase("x.y.z")]
    public void A_version_that_cannot_be_read_gives_no_settings(string version) => Assert.That(MySqlReadSettings.FromServer(version, ""), Is.Null);

    [TestCase("STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION", MySqlModes.None)]
    [TestCase("ansi_quotes, NO_BACKSLASH_ESCAPES", MySqlModes.AnsiQuotes | MySqlModes.NoBackslashEscapes)]
    [TestCase("ANSI", MySqlModes.AnsiQuotes | MySqlModes.PipesAsConcat | MySqlModes.IgnoreSpace)]
    [TestCase("ORACLE", MySqlModes.OtherGrammar)]
    [TestCase("SOMETHING_NEW", MySqlModes.OtherGrammar)]
    public void A_mode_that_is_not_known_counts_as_another_grammar(string value, MySqlModes modes) =>
        Assert.That(MySqlReadSettings.ModesOf(value), Is.EqualTo(modes));
}
