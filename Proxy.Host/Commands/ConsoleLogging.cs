using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Proxy.Host.Commands;

/// <summary>Structured logs: one JSON object a line on standard error, in UTC; standard output belongs to what a command prints.</summary>
internal static class ConsoleLogging
{
    public static ILoggerFactory Create(LogLevel minimum) => LoggerFactory.Create(logging => logging
        .SetMinimumLevel(minimum)
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
        .AddJsonConsole(json =>
        {
            json.UseUtcTimestamp = true;
            json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            json.IncludeScopes = false;
            json.JsonWriterOptions = new JsonWriterOptions { Indented = false };
        }));
}
