using System.Text.RegularExpressions;
using NUnit.Framework;
using Proxy.Core.Sql.Postgres.Host;

namespace Proxy.Tests.Core.Sql.Postgres;

/// <summary>The pinned names against the JavaScript that libpg-query ships: a new version of the package has to fail here first.</summary>
public sealed partial class GrammarNamesTests
{
    private static readonly string Script = EmbeddedText.Read("libpg-query.js");

    [Test]
    public void Imports_are_named_as_in_the_script_beside_the_module()
    {
        var shipped = Import().Matches(ImportTable().Match(Script).Groups[1].Value)
            .ToDictionary(import => import.Groups[1].Value, import => WithoutPrefix(import.Groups[2].Value));

        Assert.That(GrammarNames.Imports, Is.EquivalentTo(shipped));
    }

    [TestCase("wasmMemory", GrammarNames.Memory)]
    [TestCase("wasmTable", GrammarNames.Table)]
    [TestCase("_malloc", GrammarNames.Allocate)]
    [TestCase("_free", GrammarNames.Free)]
    [TestCase("_wasm_parse_query_raw", GrammarNames.ParseToJson)]
    [TestCase("_wasm_free_parse_result", GrammarNames.FreeParseResult)]
    [TestCase("_setThrew", GrammarNames.SetThrew)]
    [TestCase("__emscripten_stack_restore", GrammarNames.StackRestore)]
    [TestCase("_emscripten_stack_get_current", GrammarNames.StackGetCurrent)]
    public void An_export_is_named_as_in_the_script_beside_the_module(string shipped, string pinned)
    {
        var exports = Export().Matches(Script).ToDictionary(export => export.Groups[1].Value, export => export.Groups[2].Value);

        Assert.That(exports[shipped], Is.EqualTo(pinned));
    }

    [Test]
    public void Constructors_are_run_by_the_export_that_the_script_calls() =>
        Assert.That(Constructors().Match(Script).Groups[1].Value, Is.EqualTo(GrammarNames.RunConstructors));

    /// <summary>Emscripten puts one underscore before the name of whatever is C; our names are without it.</summary>
    private static string WithoutPrefix(string name) => name.StartsWith('_') ? name[1..] : name;

    [GeneratedRegex(@"wasmImports ?= ?\{([^}]*)\}")]
    private static partial Regex ImportTable();

    [GeneratedRegex(@"(\w+):(\w+)")]
    private static partial Regex Import();

    [GeneratedRegex("""(\w+) ?= ?(?:Module\[[^\]]*\] ?= ?)?wasmExports\["(\w+)"\]""")]
    private static partial Regex Export();

    [GeneratedRegex("""wasmExports\["(\w+)"\]\(\)""")]
    private static partial Regex Constructors();
}
