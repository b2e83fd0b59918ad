using System.Text;
using NUnit.Framework;
using Proxy.Core.Masking;
using Proxy.Protocols;
using Proxy.Tests.Fuzz;
using Proxy.Tests.Support;
using PostgresReplies = Proxy.Tests.Support.PostgresReplies;

namespace Proxy.Tests.Protocols.Postgres;

/// <summary>What fuzzing found, one case each: a server that says what no server says ends the session, and none of it is shown.</summary>
public sealed class HostileReplyTests
{
    private const string Canary = "CANARY";

    private static IEnumerable<TestCaseData> AnswersToASelect()
    {
        foreach (var type in "123nsIc")
        {
            yield return new TestCaseData(new FrameBuilder(type).AddText(Canary).ToBytes()) { TestName = $"A_body_where_{type}_has_none" };
        }

        yield return new TestCaseData(PostgresReplies.CommandComplete("CANARY-7")) { TestName = "A_command_tag_with_a_value" };
        yield return new TestCaseData(PostgresReplies.CommandComplete("SELECT 1 canary")) { TestName = "A_command_tag_with_words_behind_the_count" };
        yield return new TestCaseData(PostgresReplies.Error("22012", Canary, severity: "")) { TestName = "An_error_without_severity" };
        yield return new TestCaseData(PostgresReplies.Error("22012", Canary, severity: "QUERY")) { TestName = "An_error_of_an_unknown_severity" };
        yield return new TestCaseData(PostgresReplies.EmptyQueryResponse()) { TestName = "An_empty_query_response_to_a_text_that_is_not_empty" };
        yield return new TestCaseData((byte[])[.. PostgresReplies.RowDescription(), .. PostgresReplies.TextRow(Canary)]) { TestName = "A_row_where_no_columns_were_described" };
        yield return new TestCaseData(
            (byte[])[.. PostgresReplies.RowDescription(("a", 0, 0, 25, 0)), .. PostgresReplies.RowDescription()])
        { TestName = "A_second_description" };
        yield return new TestCaseData(
            (byte[])[.. PostgresReplies.Error("22012", "x"), .. PostgresReplies.Error("22012", Canary)])
        { TestName = "A_second_error" };
        yield return new TestCaseData(PostgresReplies.RowDescription((Canary, 0, 0, 25, 2))) { TestName = "A_column_in_a_format_that_does_not_exist" };
    }

    [TestCaseSource(nameof(AnswersToASelect))]
    public async Task Ends_the_session_and_is_not_shown(byte[] answer)
    {
        using var session = new FuzzedSession(FuzzParser.Instance, MaskProfile.Redacted, new Limits());
        await session.RequestAsync(PostgresRequests.Query("select ssn from patients"));
        await session.ReplyAsync(answer);
        Assert.That(session.End, Is.EqualTo(SessionEnd.ServerViolation));
        Assert.That(Encoding.Latin1.GetString(session.ShownToClient), Does.Not.Contain(Canary));
    }

    [TestCase("x", "y")]
    [TestCase]
    public async Task A_row_of_a_clean_result_with_another_number_of_columns_ends_the_session(params string[] values)
    {
        using var session = new FuzzedSession(FuzzParser.Instance, MaskProfile.Redacted, new Limits());
        await session.RequestAsync(PostgresRequests.Query("select name from wards"));
        await session.ReplyAsync([.. PostgresReplies.RowDescription(("name", (int)FuzzCatalogue.Wards, 1, 25, 0)), .. PostgresReplies.TextRow("shown"), .. PostgresReplies.TextRow(values)]);
        Assert.That(session.End, Is.EqualTo(SessionEnd.ServerViolation));
    }

    [Test]
    public async Task A_second_error_in_a_batch_ends_the_session_and_is_not_shown()
    {
        using var session = new FuzzedSession(FuzzParser.Instance, MaskProfile.Redacted, new Limits());
        await session.RequestAsync(
            [.. PostgresRequests.Parse("", "select ssn from patients"), .. PostgresRequests.Bind("", "", (string?[])[]), .. PostgresRequests.Execute(""), .. PostgresRequests.Sync()]);
        await session.ReplyAsync([.. PostgresReplies.ParseComplete(), .. PostgresReplies.Error("22012", "x"), .. PostgresReplies.Error("22012", Canary)]);
        Assert.That(session.End, Is.EqualTo(SessionEnd.ServerViolation));
        Assert.That(Encoding.Latin1.GetString(session.ShownToClient), Does.Not.Contain(Canary));
    }

    [Test]
    public async Task A_notice_behind_a_failed_batch_is_scrubbed()
    {
        using var session = new FuzzedSession(FuzzParser.Instance, MaskProfile.Redacted, new Limits());
        await session.RequestAsync(
            [.. PostgresRequests.Parse("", "select ssn from patients"), .. PostgresRequests.Bind("", "", (string?[])[]), .. PostgresRequests.Execute(""), .. PostgresRequests.Sync()]);
        await session.ReplyAsync([.. PostgresReplies.ParseComplete(), .. PostgresReplies.Error("22012", "x"), .. PostgresReplies.Notice("01000", Canary, "WARNING")]);
        Assert.That(session.End, Is.EqualTo(SessionEnd.None));
        Assert.That(Encoding.Latin1.GetString(session.ShownToClient), Does.Not.Contain(Canary));
    }

    [Test]
    public async Task An_error_about_rows_in_answer_to_a_text_that_was_only_parsed_is_scrubbed()
    {
        using var session = new FuzzedSession(FuzzParser.Instance, MaskProfile.Redacted, new Limits());
        await session.RequestAsync(PostgresRequests.Query("selec ssn from patients"));
        await session.ReplyAsync(PostgresReplies.Error("23505", Canary));
        Assert.That(session.End, Is.EqualTo(SessionEnd.None));
        Assert.That(Encoding.Latin1.GetString(session.ShownToClient), Does.Not.Contain(Canary).And.Contain("23505"));
    }

    [Test]
    public async Task A_code_of_no_class_that_a_server_has_is_not_shown()
    {
        using var session = new FuzzedSession(FuzzParser.Instance, MaskProfile.Redacted, new Limits());
        await session.RequestAsync(PostgresRequests.Query("select ssn from patients"));
        await session.ReplyAsync(PostgresReplies.Error("SMITH", "x"));
        Assert.That(session.End, Is.EqualTo(SessionEnd.None));
        Assert.That(Encoding.Latin1.GetString(session.ShownToClient), Does.Not.Contain("SMITH").And.Contain("XX000"));
    }

    [Test]
    public async Task A_notice_behind_a_batch_that_only_prepared_is_scrubbed()
    {
        using var session = new FuzzedSession(FuzzParser.Instance, MaskProfile.Redacted, new Limits());
        await session.RequestAsync([.. PostgresRequests.Parse("", "select ssn from patients"), .. PostgresRequests.Sync()]);
        await session.ReplyAsync([.. PostgresReplies.ParseComplete(), .. PostgresReplies.Notice("01000", Canary, "WARNING")]);
        Assert.That(session.End, Is.EqualTo(SessionEnd.None));
        Assert.That(Encoding.Latin1.GetString(session.ShownToClient), Does.Not.Contain(Canary).And.Contain("WARNING"));
    }

    [Test]
    public async Task Only_channels_that_the_client_listens_to_are_named_and_no_payload_is_shown()
    {
        using var session = new FuzzedSession(FuzzParser.Instance, MaskProfile.Redacted, new Limits());
        await session.RequestAsync(PostgresRequests.Query("listen Wards"));
        await session.ReplyAsync([.. PostgresReplies.CommandComplete("LISTEN"), .. PostgresReplies.ReadyForQuery()]);
        await session.ReplyAsync([.. PostgresReplies.Notification(1, "wards", Canary), .. PostgresReplies.Notification(1, Canary, "")]);
        Assert.That(session.End, Is.EqualTo(SessionEnd.None));
        Assert.That(Encoding.Latin1.GetString(session.ShownToClient), Does.Not.Contain(Canary).And.Contain("wards\0****\0"));
    }

    [TestCase("CANARY", "x")]
    [TestCase("app.ssn", "CANARY")]
    [TestCase("application_name", "CANARY")]
    public async Task A_parameter_that_no_server_reports_is_not_shown(string name, string value)
    {
        using var session = new FuzzedSession(FuzzParser.Instance, MaskProfile.Redacted, new Limits());
        await session.ReplyAsync(PostgresReplies.ParameterStatus(name, value));
        Assert.That(session.End, Is.EqualTo(SessionEnd.None));
        Assert.That(Encoding.Latin1.GetString(session.ShownToClient), Does.Not.Contain(Canary));
    }

    [Test]
    public async Task The_first_description_that_a_thread_sees_may_be_a_statements() => await Task.Factory.StartNew(
        async () =>
        {
            using var session = new FuzzedSession(FuzzParser.Instance, MaskProfile.Redacted, new Limits());
            await session.RequestAsync(
                [.. PostgresRequests.Parse("", "select ssn from patients"), .. PostgresRequests.DescribeStatement(""), .. PostgresRequests.Sync()]);
            await session.ReplyAsync(
                [.. PostgresReplies.ParseComplete(), .. PostgresReplies.ParameterDescription(), .. PostgresReplies.RowDescription(("ssn", 0, 0, 25, 0))]);
            Assert.That(session.End, Is.EqualTo(SessionEnd.None));
            Assert.That(Encoding.Latin1.GetString(session.ShownToClient), Does.Contain("ssn"));
        },
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    [Test]
    public async Task A_description_of_parameters_that_is_none_ends_the_session()
    {
        using var session = new FuzzedSession(FuzzParser.Instance, MaskProfile.Redacted, new Limits());
        await session.RequestAsync(
            [.. PostgresRequests.Parse("", "select ssn from patients"), .. PostgresRequests.DescribeStatement(""), .. PostgresRequests.Sync()]);
        await session.ReplyAsync([.. PostgresReplies.ParseComplete(), .. new FrameBuilder('t').AddInt16(1).AddText(Canary).ToBytes()]);
        Assert.That(session.End, Is.EqualTo(SessionEnd.ServerViolation));
        Assert.That(Encoding.Latin1.GetString(session.ShownToClient), Does.Not.Contain(Canary));
    }

    [TestCase("client_encoding", "LATIN1")]
    [TestCase("standard_conforming_strings", "off")]
    public async Task A_setting_that_changes_how_statements_are_read_ends_the_session_with_the_truth(string name, string value)
    {
        using var session = new FuzzedSession(FuzzParser.Instance, MaskProfile.Redacted, new Limits());
        await session.ReplyAsync(PostgresReplies.ParameterStatus(name, value));
        Assert.That(session.End, Is.EqualTo(SessionEnd.StateUncertain));
        var farewell = Encoding.UTF8.GetString(session.FarewellFor(session.End).Span);
        Assert.That(farewell, Does.Contain("code=session-state-uncertain").And.Contain(name).And.Not.Contain(value + " "));
    }

    [TestCase("CANARY", Description = "half a row")]
    [TestCase("CANARY\nCANARY\n", Description = "two rows")]
    [TestCase("CANARY\tCANARY\n", Description = "another column")]
    [TestCase("")]
    public async Task A_copy_message_that_is_not_one_row_ends_the_session(string data)
    {
        using var session = new FuzzedSession(FuzzParser.Instance, MaskProfile.Redacted, new Limits());
        await session.RequestAsync(PostgresRequests.Query("copy patients (ssn) to stdout"));
        await session.ReplyAsync([.. PostgresReplies.CopyOutResponse(1), .. PostgresReplies.CopyData("a\n"u8), .. PostgresReplies.CopyData(Encoding.UTF8.GetBytes(data))]);
        Assert.That(session.End, Is.EqualTo(SessionEnd.ServerViolation));
        Assert.That(Encoding.Latin1.GetString(session.ShownToClient), Does.Not.Contain(Canary).And.Contain("****\n"));
    }

    [TestCase(2, 0)]
    [TestCase(1, 1)]
    public async Task A_copy_of_other_columns_than_the_catalogues_ends_the_session(int columns, int format)
    {
        using var session = new FuzzedSession(FuzzParser.Instance, MaskProfile.Redacted, new Limits());
        await session.RequestAsync(PostgresRequests.Query("copy patients (ssn) to stdout"));
        await session.ReplyAsync([.. PostgresReplies.CopyOutResponse(columns, format), .. PostgresReplies.CopyData("CANARY\n"u8)]);
        Assert.That(session.End, Is.EqualTo(SessionEnd.StateUncertain));
        Assert.That(Encoding.Latin1.GetString(session.ShownToClient), Does.Not.Contain(Canary));
    }

    [TestCase('G', "copy patients(ssn) from stdin")]
    [TestCase('H', "copy wards to stdout")]
    public async Task A_copy_response_with_more_in_it_ends_the_session(char type, string text)
    {
        using var session = new FuzzedSession(FuzzParser.Instance, MaskProfile.Redacted, new Limits());
        await session.RequestAsync(PostgresRequests.Query(text));
        await session.ReplyAsync(new FrameBuilder(type).AddByte(0).AddInt16(1).AddInt16(0).AddText(Canary).ToBytes());
        Assert.That(session.End, Is.EqualTo(SessionEnd.ServerViolation));
        Assert.That(Encoding.Latin1.GetString(session.ShownToClient), Does.Not.Contain(Canary));
    }
}
