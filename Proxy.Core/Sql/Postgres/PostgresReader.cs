using System.Collections.Immutable;
using System.Text.Json;
using Proxy.Core.Sql.Postgres.Host;
using Proxy.Core.Sql.Postgres.Reading;
using Proxy.Core.Sql.Postgres.Tree;

namespace Proxy.Core.Sql.Postgres;

/// <summary>
/// One copy of the grammar together with everything needed to read its trees. Used by one thread at a time; keeps its memory between texts.
/// </summary>
internal sealed class PostgresReader(PostgresGrammar grammar, PostgresFrontEndOptions options, TreeTemplates templates, ReaderCounters counters) : IDisposable
{
    private readonly ulong _deadlineEpochs = EpochClock.EpochsFor(options.Deadline);
    private readonly ParseTree _tree = new();
    private readonly NameTable _names = new();
    private readonly StatementReader _reader = new();
    private GrammarInstance? _instance;

    /// <summary>Reads a text that is valid UTF-8 without NUL and within the limit. Never throws.</summary>
    public StatementAnalysis Read(ReadOnlySpan<byte> text, ulong fingerprint)
    {
        try
        {
            if (templates.Find(text, out ulong shape) is { } template)
            {
                counters.Templated();
                template.CopyTo(_tree, text);
                return Analyse(text, template.Json, fingerprint);
            }

            _instance ??= new GrammarInstance(grammar, options.InstanceMemoryBytesMax);
            return ReadWith(_instance, text, shape, fingerprint);
        }
        catch (Exception)
        {
            // Wasmtime's or ours, memory included: whichever it is, this text is not understood and this copy not trusted.
            DropInstance();
            counters.Faulted();
            return Failed("fault", fingerprint);
        }
    }

    /// <summary>Makes a copy of the grammar now instead of for the first text. Throws when that is not possible.</summary>
    public void Prepare() => _instance ??= new GrammarInstance(grammar, options.InstanceMemoryBytesMax);

    public void Dispose() => _instance?.Dispose();

    private StatementAnalysis ReadWith(GrammarInstance instance, ReadOnlySpan<byte> text, ulong shape, ulong fingerprint)
    {
        StatementAnalysis analysis;
        switch (instance.Parse(text, _deadlineEpochs, out ReadOnlySpan<byte> json))
        {
            case ParseOutcome.Parsed:
                analysis = ReadTree(text, shape, json, fingerprint);
                break;
            case ParseOutcome.Rejected:
                analysis = new StatementAnalysis
                {
                    Status = AnalysisStatus.SyntaxError,
                    Reason = $"at character {instance.ErrorPosition}",
                    Fingerprint = fingerprint,
                };
                break;
            case ParseOutcome.OutOfMemory:
                counters.Trapped("memory");
                DropInstance();
                return Failed("memory", fingerprint);
            default:
                counters.Trapped(instance.TrapReason!);
                DropInstance();
                return Failed(instance.TrapReason!, fingerprint);
        }

        if (!instance.Release() || instance.MemoryBytes > options.InstanceMemoryBytesKept)
        {
            counters.Recycled();
            DropInstance();
        }

        return analysis;
    }

    private StatementAnalysis ReadTree(ReadOnlySpan<byte> text, ulong shape, ReadOnlySpan<byte> json, ulong fingerprint)
    {
        try
        {
            if (!_tree.TryBuild(json)) return Failed("tree too large", fingerprint);
            templates.Offer(text, shape, json, _tree);
            return Analyse(text, json, fingerprint);
        }
        catch (JsonException)
        {
            return Failed("tree", fingerprint);
        }
        finally
        {
            _tree.Trim();
        }
    }

    private StatementAnalysis Analyse(ReadOnlySpan<byte> text, ReadOnlySpan<byte> json, ulong fingerprint)
    {
        var treeText = new TreeText(_tree, json, _names);
        var statements = ImmutableArray.CreateBuilder<StatementReading>(1);
        int end = _tree.Entries[0].End;
        for (int statement = 1; statement < end; statement = _tree[statement].End)
        {
            if (_tree[statement].Field == TreeField.Stmts) AddStatement(text, treeText, statement, statements);
        }

        return new StatementAnalysis { Status = AnalysisStatus.Read, Statements = statements.DrainToImmutable(), Fingerprint = fingerprint, Open = _tree.Open };
    }

    private void AddStatement(ReadOnlySpan<byte> text, TreeText tree, int raw, ImmutableArray<StatementReading>.Builder statements)
    {
        int root = _tree.Child(raw, TreeField.Stmt);
        var (start, length) = StatementBounds.Narrow(text, NumberOf(raw, TreeField.StmtLocation), NumberOf(raw, TreeField.StmtLen));
        statements.Add(root < 0
            ? new StatementReading { Kind = StatementKind.Unknown, Start = start, Length = length, OpaqueBecause = "no node" }
            : _reader.Read(tree, root, start, length, text.Slice(start, length).Count((byte)',')));
    }

    private int NumberOf(int parent, TreeField field)
    {
        int child = _tree.Child(parent, field);
        return child < 0 ? 0 : _tree.Number(child);
    }

    private void DropInstance()
    {
        _instance?.Dispose();
        _instance = null;
    }

    private static StatementAnalysis Failed(string reason, ulong fingerprint) =>
        new() { Status = AnalysisStatus.Failed, Reason = reason, Fingerprint = fingerprint };
}
