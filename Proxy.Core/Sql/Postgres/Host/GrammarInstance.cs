using Wasmtime;

namespace Proxy.Core.Sql.Postgres.Host;

/// <summary>
/// One running copy of the grammar with its own memory. Not thread-safe: whoever rents it uses it alone. A result lies in the instance's
/// memory until <see cref="Release"/> or the next <see cref="Parse"/>.
/// </summary>
internal sealed class GrammarInstance : IDisposable
{
    private const int EmulatedBadFileDescriptor = 8;
    private const long WasmPageBytes = 64 * 1024;

    private readonly EpochClock _clock;
    private readonly Store _store;
    private readonly Memory _memory;
    private readonly long _memoryBytesMax;
    private readonly Func<int, int> _allocate;
    private readonly Action<int> _free;
    private readonly Func<int, int> _parse;
    private readonly Action<int> _freeResult;
    private int _result;
    private bool _isGrowthRefused;

    public GrammarInstance(PostgresGrammar grammar, long memoryBytesMax)
    {
        _memoryBytesMax = memoryBytesMax;
        _clock = grammar.Clock;
        _store = new Store(grammar.Engine);
        _clock.Begin();
        try
        {
            _store.SetLimits(memorySize: memoryBytesMax);
            _store.SetEpochDeadline(EpochClock.EpochsFor(TimeSpan.FromSeconds(5)));
            using var linker = new Linker(grammar.Engine);
            Instance trampoline = linker.Instantiate(_store, grammar.Trampoline);
            foreach (var import in grammar.Main.Imports.OfType<FunctionImport>()) DefineImport(linker, trampoline, import);
            Instance main = linker.Instantiate(_store, grammar.Main);
            _memory = main.GetMemory(GrammarNames.Memory) ?? throw Missing(GrammarNames.Memory);
            _allocate = main.GetFunction<int, int>(GrammarNames.Allocate) ?? throw Missing(GrammarNames.Allocate);
            _free = main.GetAction<int>(GrammarNames.Free) ?? throw Missing(GrammarNames.Free);
            _parse = main.GetFunction<int, int>(GrammarNames.ParseToJson) ?? throw Missing(GrammarNames.ParseToJson);
            _freeResult = main.GetAction<int>(GrammarNames.FreeParseResult) ?? throw Missing(GrammarNames.FreeParseResult);
            FillTrampolineTable(trampoline, main, grammar.TableSize);
            (main.GetAction(GrammarNames.RunConstructors) ?? throw Missing(GrammarNames.RunConstructors))();
        }
        catch
        {
            _store.Dispose();
            throw;
        }
        finally
        {
            _clock.End();
        }
    }

    /// <summary>WebAssembly memory never shrinks.</summary>
    public long MemoryBytes => _memory.GetLength();

    /// <summary>The trap that ended the last call, in a word that holds nothing of the text.</summary>
    public string? TrapReason { get; private set; }

    /// <summary>Where the grammar stopped, in characters from the text's beginning, counted from one; zero when unknown.</summary>
    public int ErrorPosition { get; private set; }

    /// <summary>Parses a text without NUL. After <see cref="ParseOutcome.Parsed"/> the tree is at <paramref name="json"/>.</summary>
    public ParseOutcome Parse(ReadOnlySpan<byte> text, ulong deadlineEpochs, out ReadOnlySpan<byte> json)
    {
        json = default;
        _clock.Begin();
        try
        {
            _store.SetEpochDeadline(deadlineEpochs);
            return ParseUnguarded(text, out json);
        }
        catch (TrapException trap)
        {
            TrapReason = trap.Type switch
            {
                TrapCode.Interrupt => "deadline",
                TrapCode.StackOverflow => "nesting",
                TrapCode.MemoryOutOfBounds or TrapCode.AllocationTooLarge => "memory",
                _ => "trap",
            };
            return ParseOutcome.Trapped;
        }
        catch (Exception e) when (e is WasmtimeException or ArgumentException or OverflowException or InvalidOperationException)
        {
            // An allocation that fails in the middle of the grammar's own work makes it abort.
            TrapReason = _isGrowthRefused ? "memory" : "fault";
            return ParseOutcome.Trapped;
        }
        finally
        {
            _clock.End();
        }
    }

    /// <summary>Frees the last result. False when that trapped: the instance must not be used again.</summary>
    public bool Release()
    {
        if (_result == 0) return true;
        int result = _result;
        _result = 0;
        _clock.Begin();
        try
        {
            _freeResult(result);
            return true;
        }
        catch (WasmtimeException)
        {
            return false;
        }
        finally
        {
            _clock.End();
        }
    }

    public void Dispose() => _store.Dispose();

    private ParseOutcome ParseUnguarded(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> json)
    {
        json = default;
        int source = _allocate(text.Length + 1);
        if (source == 0) return ParseOutcome.OutOfMemory;
        Span<byte> target = _memory.GetSpan(source, text.Length + 1);
        text.CopyTo(target);
        target[text.Length] = 0;
        int result = _parse(source);
        _free(source);
        if (result == 0) return ParseOutcome.OutOfMemory;

        // struct PgQueryParseResult { char *parse_tree; char *stderr_buffer; PgQueryError *error; }
        _result = result;
        int tree = _memory.ReadInt32(result);
        int error = _memory.ReadInt32(result + 8);
        if (error != 0) return ReadError(error);
        if (tree == 0) return ParseOutcome.OutOfMemory;
        json = ZeroTerminated(tree);
        return ParseOutcome.Parsed;
    }

    /// <summary>struct PgQueryError { char *message, *funcname, *filename; int lineno, cursorpos; char *context; }</summary>
    private ParseOutcome ReadError(int error)
    {
        ErrorPosition = _memory.ReadInt32(error + 16);
        int file = _memory.ReadInt32(error + 8);
        ReadOnlySpan<byte> name = file == 0 ? default : ZeroTerminated(file);

        // Whatever the memory manager and the string buffers report is our limit, not the grammar's verdict.
        bool isMemory = name.IndexOf("mmgr"u8) >= 0 || name.IndexOf("stringinfo"u8) >= 0;
        return isMemory ? ParseOutcome.OutOfMemory : ParseOutcome.Rejected;
    }

    private ReadOnlySpan<byte> ZeroTerminated(int address)
    {
        ReadOnlySpan<byte> rest = _memory.GetSpan(address, (int)Math.Min(_memory.GetLength() - address, int.MaxValue));
        int length = rest.IndexOf((byte)0);
        return length < 0 ? default : rest[..length];
    }

    private void DefineImport(Linker linker, Instance trampoline, FunctionImport import)
    {
        string name = GrammarNames.Imports[import.Name];
        if (name == GrammarNames.ThrowLongjmp || name.StartsWith(GrammarNames.InvokePrefix, StringComparison.Ordinal))
        {
            linker.Define(import.ModuleName, import.Name, trampoline.GetFunction(name) ?? throw Missing(name));
        }
        else if (name == GrammarNames.ResizeHeap)
        {
            linker.DefineFunction<int, int>(import.ModuleName, import.Name, wanted => Grow((uint)wanted));
        }
        else if (GrammarNames.Ending.Contains(name))
        {
            linker.DefineFunction(import.ModuleName, import.Name, Ended, import.Parameters, import.Results);
        }
        else
        {
            linker.DefineFunction(import.ModuleName, import.Name, Nothing, import.Parameters, import.Results);
        }
    }

    private static void Ended(Caller caller, ReadOnlySpan<ValueBox> arguments, Span<ValueBox> results) =>
        throw new InvalidOperationException("The grammar ended itself.");

    /// <summary>Files and timers: the grammar needs none.</summary>
    private static void Nothing(Caller caller, ReadOnlySpan<ValueBox> arguments, Span<ValueBox> results)
    {
        if (results.Length > 0) results[0] = EmulatedBadFileDescriptor;
    }

    /// <summary>Grows by a fifth at least, so that a long tree does not grow page by page. 1 when it worked, else 0: malloc fails then.</summary>
    private int Grow(uint wanted)
    {
        long now = _memory.GetLength();
        if (wanted > _memoryBytesMax) return RefuseGrowth();
        long target = Math.Min(_memoryBytesMax, Math.Max(wanted, now + (now / 5)));
        try
        {
            _memory.Grow((target - now + WasmPageBytes - 1) / WasmPageBytes);
            return 1;
        }
        catch (WasmtimeException)
        {
            return RefuseGrowth();
        }
    }

    private int RefuseGrowth()
    {
        _isGrowthRefused = true;
        return 0;
    }

    private static void FillTrampolineTable(Instance trampoline, Instance main, int tableSize)
    {
        Table source = main.GetTable(GrammarNames.Table) ?? throw Missing(GrammarNames.Table);
        Table target = trampoline.GetTable(LongjmpTrampoline.TableName) ?? throw Missing(LongjmpTrampoline.TableName);
        for (uint index = 0; index < tableSize; index++)
        {
            if (source.GetElement(index) is Function { IsNull: false } function) target.SetElement(index, function);
        }

        target.SetElement((uint)tableSize, main.GetFunction(GrammarNames.StackGetCurrent));
        target.SetElement((uint)tableSize + 1, main.GetFunction(GrammarNames.StackRestore));
        target.SetElement((uint)tableSize + 2, main.GetFunction(GrammarNames.SetThrew));
    }

    private static InvalidOperationException Missing(string name) => new($"The grammar does not export {name}.");
}
