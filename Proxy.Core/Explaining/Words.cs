using System.Collections.Immutable;
using System.Text.Json;
using Proxy.Core.Catalogue;
using Proxy.Core.Policy;
using Proxy.Core.Sql.Lineage;

namespace Proxy.Core.Explaining;

/// <summary>How explanations spell what the code names: like the configuration files.</summary>
internal static class Words
{
    public static string Of<T>(T value) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    public static ImmutableArray<string> Of(RiskClasses risk) => [.. RiskClassNames.Format(risk).Split('+')];

    public static ImmutableArray<SourceExplanation> Of(SourceSet sources) =>
        [.. sources.Columns.Select(static source => new SourceExplanation(source.ToString(), IdentifierClassNames.Format(source.Column.Class)))];
}
