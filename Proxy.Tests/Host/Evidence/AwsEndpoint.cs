using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Proxy.Tests.Support;

namespace Proxy.Tests.Host.Evidence;

/// <summary>Answers as KMS and S3 do, as far as PhiGate asks; knows one signing key, and remembers what was asked.</summary>
internal sealed class AwsEndpoint : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly Task _serving;
    private readonly List<HttpListenerContext> _unanswered = [];

    public AwsEndpoint()
    {
        Url = $"http://127.0.0.1:{FreePort.Next()}/";
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Url { get; }

    public bool IsOut { get; set; }

    /// <summary>Takes requests, and answers none.</summary>
    public bool IsMute { get; set; }

    public string PublicKeyPem => _key.ExportSubjectPublicKeyInfoPem() + "\n";

    /// <summary>What a program needs to ask here.</summary>
    public static IReadOnlyDictionary<string, string?> Credentials { get; } =
        new Dictionary<string, string?> { ["AWS_ACCESS_KEY_ID"] = "test", ["AWS_SECRET_ACCESS_KEY"] = "test" };

    public List<(string Path, string? Mode, string? Until, string Body)> Objects { get; } = [];

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _key.Dispose();
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            try
            {
                await AnswerAsync(context);
            }
            catch (Exception gone) when (gone is HttpListenerException or IOException or ObjectDisposedException)
            {
                // A client that was cancelled has left.
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var reader = new StreamReader(context.Request.InputStream);
        var body = await reader.ReadToEndAsync();
        if (IsMute)
        {
            _unanswered.Add(context);
        }
        else if (IsOut)
        {
            context.Response.StatusCode = 400;
            await WriteAsync(context, """{"__type":"DisabledException","message":"the key is disabled"}""");
        }
        else if (context.Request.Headers["X-Amz-Target"] is { } target)
        {
            await WriteAsync(context, JsonSerializer.Serialize(Kms(target.Split('.')[1], JsonDocument.Parse(body).RootElement)));
        }
        else
        {
            Objects.Add((
                context.Request.Url!.AbsolutePath, context.Request.Headers["x-amz-object-lock-mode"],
                context.Request.Headers["x-amz-object-lock-retain-until-date"], body));
            context.Response.Headers["ETag"] = "\"0\"";
            await WriteAsync(context, "");
        }
    }

    /// <summary>A wrapped key here is the key behind the digest of its encryption context.</summary>
    private object Kms(string operation, JsonElement request)
    {
        byte[] Context() => SHA256.HashData(Encoding.UTF8.GetBytes(request.GetProperty("EncryptionContext").ToString()));
        switch (operation)
        {
            case "GenerateDataKey":
                var plain = RandomNumberGenerator.GetBytes(32);
                return new { KeyId = "key", Plaintext = Convert.ToBase64String(plain), CiphertextBlob = Convert.ToBase64String([.. Context(), .. plain]) };
            case "Decrypt":
                var blob = request.GetProperty("CiphertextBlob").GetBytesFromBase64();
                return new { KeyId = "key", Plaintext = Convert.ToBase64String(blob.AsSpan(0, 32).SequenceEqual(Context()) ? blob[32..] : new byte[32]) };
            case "GetPublicKey":
                return new { KeyId = "key", PublicKey = Convert.ToBase64String(_key.ExportSubjectPublicKeyInfo()), KeySpec = "ECC_NIST_P256" };
            default:
                var signature = _key.SignData(
                    request.GetProperty("Message").GetBytesFromBase64(), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
                return new { KeyId = "key", Signature = Convert.ToBase64String(signature), SigningAlgorithm = "ECDSA_SHA_256" };
        }
    }

    private static async Task WriteAsync(HttpListenerContext context, string text)
    {
        await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(text));
        context.Response.Close();
    }
}
