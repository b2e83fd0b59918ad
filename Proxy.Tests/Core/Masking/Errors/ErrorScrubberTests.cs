using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Masking.Errors;
using Proxy.Core.Policy;
using Proxy.Tests.Core.Catalogue;

namespace Proxy.Tests.Core.Masking.Errors;

public sealed class ErrorScrubberTests
{
    private static readonly CatalogueSnapshot Catalogue = SmallCatalogue.Build();
    private static readonly RiskAssessment Harmless = new() { TouchesPhi = false };
    private static readonly RiskAssessment Touching = new() { TouchesPhi = true };

    [Test]
    public void An_error_of_a_statement_that_touches_no_phi_passes_whole() =>
        Assert.That(ErrorScrubber.Judge(Harmless, new ErrorSummary("22012", false, true, true)), Is.EqualTo(ErrorTreatment.Verbatim));

    [TestCase("42703", true, false, false, ErrorTreatment.Verbatim, Description = "a misspelt column")]
    [TestCase("42601", true, false, false, ErrorTreatment.Verbatim, Description = "a syntax error")]
    [TestCase("42P01", false, false, false, ErrorTreatment.Scrub, Description = "ssn::regclass")]
    [TestCase("42703", true, true, false, ErrorTreatment.Scrub, Description = "a statement that a function made")]
    [TestCase("42703", true, false, true, ErrorTreatment.Scrub, Description = "while a function ran")]
    [TestCase("22P02", false, false, false, ErrorTreatment.Scrub, Description = "ssn::int")]
    [TestCase("23514", false, false, false, ErrorTreatment.Scrub, Description = "Failing row contains")]
    [TestCase("P0001", true, false, false, ErrorTreatment.Scrub)]
    [TestCase("", true, false, false, ErrorTreatment.Scrub)]
    public void Where_phi_is_touched_only_what_is_about_the_clients_text_passes(
        string state, bool position, bool internalQuery, bool context, ErrorTreatment expected) =>
        Assert.That(ErrorScrubber.Judge(Touching, new ErrorSummary(state, position, internalQuery, context)), Is.EqualTo(expected));

    [TestCase(ErrorField.Table, "patients", true)]
    [TestCase(ErrorField.Table, "912-57-3461", false)]
    [TestCase(ErrorField.Column, "ssn", true)]
    [TestCase(ErrorField.Column, "912-57-3461", false)]
    [TestCase(ErrorField.Schema, "public", true)]
    [TestCase(ErrorField.Schema, "912-57-3461", false)]
    [TestCase(ErrorField.Constraint, "patients_pkey", true)]
    [TestCase(ErrorField.Constraint, "912-57-3461", false)]
    [TestCase(ErrorField.DataType, "mood", true)]
    [TestCase(ErrorField.DataType, "912-57-3461", false)]
    [TestCase(ErrorField.None, "patients", false)]
    public void A_name_is_kept_only_if_it_names_something(ErrorField field, string name, bool isKnown) =>
        Assert.That(ErrorScrubber.IsKnownName(Catalogue, field, name, "public", "patients"), Is.EqualTo(isKnown));

    [TestCase("23505", "duplicate key value violates a unique constraint \"patients_pkey\" of relation \"public\".\"patients\"")]
    [TestCase("22999", "data exception \"patients_pkey\" of relation \"public\".\"patients\"")]
    [TestCase("ZZ999", "error of the server \"patients_pkey\" of relation \"public\".\"patients\"")]
    [TestCase("", "error of the server \"patients_pkey\" of relation \"public\".\"patients\"")]
    public void A_generic_message_says_the_kind_and_the_objects(string state, string expected) =>
        Assert.That(GenericMessages.For(state, "public", "patients", null, "patients_pkey"), Does.StartWith(expected));
}
