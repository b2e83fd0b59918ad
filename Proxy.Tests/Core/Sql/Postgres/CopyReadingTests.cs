using System.Text;
using NUnit.Framework;
using Proxy.Core.Sql;
using Proxy.Tests.Core.Catalogue;

namespace Proxy.Tests.Core.Sql.Postgres;

public sealed class CopyReadingTests
{
    [TestCase("copy t to stdout", "Text '\t' null=\\N")]
    [TestCase("copy t to stdout (format text, delimiter '|', null 'x')", "Text '|' null=x")]
    [TestCase("copy t to stdout with delimiter '|' null as 'x'", "Text '|' null=x")]
    [TestCase("copy t to stdout csv", "Csv ',' null= quote=\" escape=\"")]
    [TestCase("copy t to stdout (format csv, quote 'q')", "Csv ',' null= quote=q escape=q")]
    [TestCase("copy t to stdout (escape 'e', format csv, quote 'q')", "Csv ',' null= quote=q escape=e")]
    [TestCase("copy t to stdout csv header quote as '''' force quote a, b", "Csv ',' null= quote=' escape=' header forced")]
    [TestCase("copy t to stdout (format csv, header true, force_quote *)", "Csv ',' null= quote=\" escape=\" header forced")]
    [TestCase("copy t to stdout (format csv, header off, encoding 'utf-8')", "Csv ',' null= quote=\" escape=\"")]
    [TestCase("copy t to stdout (header)", "Text '\t' null=\\N header")]
    [TestCase("copy binary t to stdout", "Binary")]
    [TestCase("copy t to stdout (format binary)", "Binary")]
    [TestCase("copy (select 1) to stdout (format 'csv')", "Csv ',' null= quote=\" escape=\"")]
    [TestCase("copy t to stdout (encoding 'latin1')", null)]
    [TestCase("copy t to stdout (format avro)", null)]
    [TestCase("copy t to stdout (format csv, delimiter 'ab')", null)]
    [TestCase("copy t to stdout (delimiter 'ä')", null)]
    [TestCase("copy t to stdout (quote 'q')", null)]
    [TestCase("copy t to stdout (format binary, delimiter '|')", null)]
    [TestCase("copy t to stdout (format csv, header match)", null)]
    [TestCase("copy t to stdout (format csv, header 1)", null)]
    [TestCase("copy t to stdout (freeze)", null)]
    [TestCase("copy t to stdout (null 'a', null 'b')", null)]
    [TestCase("copy t to stdout (new_option 'x')", null)]
    public async Task The_options_are(string text, string? expected) =>
        Assert.That(Print((await Reader.ReadAsync(text)).Copy!.Options), Is.EqualTo(expected));

    [Test]
    public async Task A_table_and_its_columns_are_named()
    {
        var copy = (await Reader.ReadAsync("copy s.t (a, \"B\") to stdout")).Copy!;
        Assert.That((copy.Relation, string.Join(',', copy.Columns)), Is.EqualTo(((QualifiedName?)new QualifiedName("s", "t"), "a,B")));
        Assert.That((await Reader.ReadAsync("copy (select 1) to stdout")).Copy!.Relation, Is.Null);
        Assert.That((await Reader.ReadAsync("copy t from stdin")).Copy, Is.Null);
        Assert.That((await Reader.ReadAsync("copy t to '/tmp/x'")).Copy, Is.Null);
    }

    private static string? Print(CopyOptions? options) => options switch
    {
        null => null,
        { Format: CopyFormat.Binary } => "Binary",
        _ => $"{options.Format} '{(char)options.Delimiter}' null={Encoding.UTF8.GetString(options.Null.Span)}"
            + (options.Format is CopyFormat.Csv ? $" quote={(char)options.Quote} escape={(char)options.Escape}" : "")
            + (options.HasHeader ? " header" : "") + (options.ForcesQuotes ? " forced" : ""),
    };
}
