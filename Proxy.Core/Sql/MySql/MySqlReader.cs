using System.Collections.Immutable;
using System.Text;
using Proxy.Core.Sql.MySql.Lexing;
using Proxy.Core.Sql.MySql.Parsing;
using Proxy.Core.Sql.MySql.Reading;

namespace Proxy.Core.Sql.MySql;

/// <summary>Reads texts, one at a time, and keeps its memory between them.</summary>
internal sealed class MySqlReader
{
    private readonly TokenBuffer _tokens = new();
    private readonly StatementNotes _notes = new();
    private readonly MentionCollector _mentions = new();

    /// <summary>Reads a text that is valid UTF-8 without NUL and within the limit.</summary>
    /// <param name="text">The text.</param>
    /// <param name="settings">How to read it.</param>
    /// <param name="fingerprint">Its name.</param>
    /// <param name="forms">Those of texts that were read by the same settings; null where nobody asks for the text's.</param>
    public StatementAnalysis Read(ReadOnlySpan<byte> text, MySqlReadSettings settings, ulong fingerprint, MySqlForms? forms)
    {
        try
        {
            return ReadText(text, settings, fingerprint, forms);
        }
        finally
        {
            _tokens.Clear();
            _notes.Clear();
            _mentions.Clear();
        }
    }

    private StatementAnalysis ReadText(ReadOnlySpan<byte> text, MySqlReadSettings settings, ulong fingerprint, MySqlForms? forms)
    {
        var lexer = new Lexer(text, settings, _tokens);
        if (!lexer.TryRead()) return Wrong(lexer.Fault!, fingerprint);
        _notes.MayHaveOddNames = !Ascii.IsValid(text);
        var statements = ImmutableArray.CreateBuilder<StatementReading>(1);
        OpenIntegers? open = forms?.Find(text, _tokens.Tokens);
        var context = new ParseContext(text, _tokens.Tokens, settings, _notes, open);
        while (!context.At(TokenKind.End))
        {
            int start = context.Start;
            StatementReading reading = ReadStatement(ref context);
            if (context.HasFailed) return Wrong($"at byte {context.FaultPosition}", fingerprint, statements.DrainToImmutable(), start);
            statements.Add(reading);
            // Others say much besides values: names of settings, limits, identifiers of sessions.
            if (reading.Kind is not (StatementKind.Select or StatementKind.Insert or StatementKind.Update or StatementKind.Delete)) open = null;
            if (!context.Accept(TokenKind.Semicolon)) break;
        }

        return new StatementAnalysis { Status = AnalysisStatus.Read, Statements = statements.DrainToImmutable(), Fingerprint = fingerprint, Open = open };
    }

    private StatementReading ReadStatement(ref ParseContext context)
    {
        _notes.Clear();
        int start = context.Start;
        ParsedStatement parsed = StatementParser.Parse(ref context);
        if (!context.Current.IsEnd) context.Fail();
        if (context.HasFailed) return new StatementReading { Kind = StatementKind.Unknown, Start = start, Length = 0 };
        int length = context.PreviousEnd - start;
        _mentions.Clear();
        ImmutableArray<string> odd = _notes.WrittenNames.Count == 0 ? [] : OddNames(_notes);
        StatementReading reading = ReadingBuilder.Build(parsed, _notes, _mentions, start, length);
        if (!odd.IsEmpty) reading = reading with { OddNames = odd };
        return _notes.PreparedText is { } inner ? WithPrepared(reading, inner, context.Settings) : reading;
    }

    /// <summary>Those names that the server may take for others; opaque where it may take one of the statement for another of it.</summary>
    private static ImmutableArray<string> OddNames(StatementNotes notes)
    {
        ImmutableArray<string> odd = [.. notes.WrittenNames.Where(SimilarNames.IsOdd)];
        if (odd.Length > SimilarNames.OddMax || odd.Any(name => notes.WrittenNames.Any(other => SimilarNames.AreConfusable(name, other))))
            notes.Opaque("the server may take names for one another that are different here");
        return odd;
    }

    /// <summary>
    /// The statement that PREPARE names is in a string. It is read as a text of its own, and must be one statement; what it mentions the reading of
    /// PREPARE mentions, too.
    /// </summary>
    private static StatementReading WithPrepared(StatementReading reading, string text, MySqlReadSettings settings)
    {
        StatementAnalysis analysis = new MySqlReader().Read(Encoding.UTF8.GetBytes(text), settings, fingerprint: 0, forms: null);
        // A NUL can be written in a string, and PREPARE within PREPARE is refused by the server.
        if (text.Contains('\0') || analysis.Status is not AnalysisStatus.Read || analysis.Statements is not [var inner] || inner.Inner is not null)
        {
            return reading with { OpaqueBecause = reading.OpaqueBecause ?? "what it prepares is not understood" };
        }

        return ReadingBuilder.WithInner(reading, inner);
    }

    private static StatementAnalysis Wrong(string reason, ulong fingerprint) => Wrong(reason, fingerprint, [], start: 0);

    private static StatementAnalysis Wrong(string reason, ulong fingerprint, ImmutableArray<StatementReading> before, int start) => new()
    {
        Status = AnalysisStatus.SyntaxError,
        Reason = reason,
        BeforeFault = before,
        FaultStart = start,
        Fingerprint = fingerprint,
    };
}
