using System.Buffers.Binary;
using System.Text;
using NUnit.Framework;
using Proxy.Tests.Support;

namespace Proxy.Tests.Live.Kill;

/// <summary>A server's own statement log against what journals say was let through. Every statement of the load is recognisable by a number of its own.</summary>
internal static class ServerLogCheck
{
    private const string Simple = "statement: ";
    private const string Prepared = "execute ";

    /// <summary>How sessions are labelled at the server: id, agent, and no human.</summary>
    private const string ThroughPhiGate = " agent -";

    /// <returns>How many statements of the load are in the log, and how many of them were prepared; all have their intent.</returns>
    public static async Task<(int Ran, int Prepared)> RunAsync(PostgresServer server, RecordedStatements recorded)
    {
        var (ran, prepared) = (0, 0);
        foreach (var statement in await server.ReadStatementLogAsync())
        {
            if (!statement.ApplicationName.EndsWith(ThroughPhiGate, StringComparison.Ordinal)) continue;
            ran++;
            if (statement.Message.StartsWith(Prepared, StringComparison.Ordinal)) prepared++;
            Assert.That(IsRecorded(recorded, statement), $"ran without an intent: {statement.Message} {statement.Detail}");
        }

        return (ran, prepared);
    }

    /// <summary>Of an execution, as in Bind: int16 number of formats and as many int16, int16 number of values, then length and bytes of each.</summary>
    public static string OnlyParameter(byte[] parameters)
    {
        var values = parameters.AsSpan(2 + (2 * BinaryPrimitives.ReadInt16BigEndian(parameters)));
        return BinaryPrimitives.ReadInt16BigEndian(values) == 1
            ? Encoding.UTF8.GetString(values.Slice(6, BinaryPrimitives.ReadInt32BigEndian(values[2..])))
            : "";
    }

    private static bool IsRecorded(RecordedStatements recorded, LoggedStatement statement)
    {
        if (statement.Message.StartsWith(Simple, StringComparison.Ordinal)) return recorded.HasQuery(statement.Message[Simple.Length..]);
        // "execute NAME: TEXT", and in the detail "parameters: $1 = '17'".
        var text = statement.Message[(statement.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..];
        var parameter = statement.Detail.Split('\'') is [_, var value, ..] ? value : "";
        return recorded.HasExecution(text, parameter);
    }
}
