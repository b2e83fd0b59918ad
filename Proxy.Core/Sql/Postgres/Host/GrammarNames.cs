using System.Collections.Frozen;

namespace Proxy.Core.Sql.Postgres.Host;

/// <summary>
/// The names of the module's imports and exports. Its build shortened them to single letters; what each letter means stands in the JavaScript
/// shipped beside it. Derived from there once, pinned here together with the hash; a test compares the two.
/// </summary>
internal static class GrammarNames
{
    public const string Sha256 = "378b64e6182f65c71ad5dbd2c31c81e9dfed7d2f2debfb4b51c0d0de8fa2ae36";

    public const string Memory = "z";
    public const string Table = "D";
    public const string RunConstructors = "A";
    public const string Allocate = "C";
    public const string Free = "E";
    public const string ParseToJson = "F";
    public const string FreeParseResult = "G";
    public const string SetThrew = "P";
    public const string StackRestore = "Q";
    public const string StackGetCurrent = "R";

    /// <summary>invoke_* call a function of the table and catch what longjmp throws; the letters after it are result and parameters.</summary>
    public const string InvokePrefix = "invoke_";
    public const string ThrowLongjmp = "_emscripten_throw_longjmp";
    public const string ResizeHeap = "emscripten_resize_heap";

    /// <summary>Imports that end the program: they become traps.</summary>
    public static readonly FrozenSet<string> Ending = FrozenSet.Create("__assert_fail", "_abort_js", "exit", "proc_exit");

    /// <summary>From the module's short import name to Emscripten's name.</summary>
    public static readonly FrozenDictionary<string, string> Imports = new Dictionary<string, string>
    {
        ["a"] = "invoke_iii",
        ["b"] = "invoke_ii",
        ["c"] = "__assert_fail",
        ["d"] = "invoke_iiii",
        ["e"] = "invoke_v",
        ["f"] = "invoke_vi",
        ["g"] = "invoke_i",
        ["h"] = "invoke_vii",
        ["i"] = "invoke_viiii",
        ["j"] = "invoke_viii",
        ["k"] = "invoke_iiiii",
        ["l"] = "invoke_ji",
        ["m"] = "exit",
        ["n"] = "invoke_viiiiiiiiiiiii",
        ["o"] = "_setitimer_js",
        ["p"] = "_emscripten_throw_longjmp",
        ["q"] = "emscripten_resize_heap",
        ["r"] = "fd_read",
        ["s"] = "fd_seek",
        ["t"] = "fd_write",
        ["u"] = "fd_close",
        ["v"] = "proc_exit",
        ["w"] = "_emscripten_runtime_keepalive_clear",
        ["x"] = "_abort_js",
        ["y"] = "invoke_viiiii",
    }.ToFrozenDictionary();
}
