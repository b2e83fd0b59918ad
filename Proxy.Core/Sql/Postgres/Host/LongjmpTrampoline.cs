using System.Globalization;
using System.Text;
using Wasmtime;

namespace Proxy.Core.Sql.Postgres.Host;

/// <summary>
/// The text of a small module that gives the grammar its longjmp as a WebAssembly exception. PostgreSQL reports each syntax error by longjmp;
/// thrown through .NET it costs 13 µs, this way 2 µs (measured). The trampoline owns a copy of the grammar's function table, and behind it
/// three more functions of the grammar that its handlers call.
/// </summary>
internal static class LongjmpTrampoline
{
    public const string TableName = "table";

    /// <summary>Places behind the grammar's own table entries: stack get, stack restore, setThrew.</summary>
    public const int ExtraEntries = 3;

    public static string TextFor(Module grammar, int tableSize)
    {
        var text = new StringBuilder();
        text.AppendLine("(module (tag $longjmp)");
        text.AppendLine(CultureInfo.InvariantCulture, $"(table $t (export \"{TableName}\") {tableSize + ExtraEntries} funcref)");
        text.AppendLine(CultureInfo.InvariantCulture, $"(func (export \"{GrammarNames.ThrowLongjmp}\") (throw $longjmp))");
        foreach (var import in grammar.Imports.OfType<FunctionImport>())
        {
            string name = GrammarNames.Imports[import.Name];
            if (name.StartsWith(GrammarNames.InvokePrefix, StringComparison.Ordinal)) AppendInvoke(text, name, import, tableSize);
        }

        return text.AppendLine(")").ToString();
    }

    /// <summary>Remember the stack pointer, call; on longjmp restore it, tell the grammar by setThrew(1, 0), and answer zero.</summary>
    private static void AppendInvoke(StringBuilder text, string name, FunctionImport import, int tableSize)
    {
        string[] parameters = [.. import.Parameters.Skip(1).Select(TypeName)];
        string result = import.Results.Count > 0 ? TypeName(import.Results[0]) : "";
        string resultClause = result.Length > 0 ? $"(result {result})" : "";
        string parameterClause = parameters.Length > 0 ? $"(param {string.Join(' ', parameters)})" : "";
        string arguments = string.Join(' ', parameters.Select((_, index) => $"(local.get {index + 1})"));
        text.AppendLine(CultureInfo.InvariantCulture, $"""
            (func (export "{name}") (param i32) {parameterClause} {resultClause} (local $stack i32)
              (local.set $stack (call_indirect $t (result i32) (i32.const {tableSize})))
              (block $caught
                (try_table {resultClause} (catch $longjmp $caught)
                  (call_indirect $t {parameterClause} {resultClause} {arguments} (local.get 0)))
                (return))
              (call_indirect $t (param i32) (local.get $stack) (i32.const {tableSize + 1}))
              (call_indirect $t (param i32 i32) (i32.const 1) (i32.const 0) (i32.const {tableSize + 2}))
              {(result.Length > 0 ? $"({result}.const 0)" : "")})
            """);
    }

    private static string TypeName(ValueKind kind) => kind switch
    {
        ValueKind.Int32 => "i32",
        ValueKind.Int64 => "i64",
        ValueKind.Float32 => "f32",
        ValueKind.Float64 => "f64",
        _ => throw new InvalidOperationException($"The grammar imports a function with a {kind}."),
    };
}
